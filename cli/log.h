#pragma once

#include <stdbool.h>

struct err;

/*
 * Where lines for people and engines go: stderr, and the file of --log. At its usual level the file
 * gets one line, the error that ended the program: engines read the last one, or all of it as one
 * JSON value.
 */

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/** struct log - borrowed strings */
struct log {
	const char *program; /* what a line on stderr begins with */
	const char *file;    /* NULL: none                        */
	bool json;
	enum log_level level; /* of what goes to the file */
	const char *report;   /* in place of the error's one line on stderr: cli/report.h; NULL */
};

/**
 * log_set() - take the values of --log, --log-format, --log-level; NULL: not given
 * Return: 0; -EINVAL for a word that is none of theirs.
 */
int log_set(struct log *log, const char *file, const char *format, const char *level,
	    struct err *err);

/**
 * log_line() - one line. What is no error goes to stderr only where there is no file for it: under
 * an engine stderr is the container's, and a warning would stand in what the container has said.
 */
void log_line(const struct log *log, enum log_level level, const char *line);

/** log_error() - an error as its one line; on stderr as its report where there is one. */
void log_error(const struct log *log, const struct err *err);
