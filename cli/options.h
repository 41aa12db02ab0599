#pragma once

#include "lib/own.h"

#include <stddef.h>
#include <sys/types.h>

struct arena;
struct err;

/*
 * Options as tables: parsing, --help, man pages and completion come from the same rows. A table
 * ends with a NULL name.
 */

struct option_row {
	const char *name;  /* "bundle": --bundle and -bundle */
	char letter;       /* 'b', 0: none                    */
	const char *value; /* name of its value: "DIR"; NULL: a flag */
	const char *help;
	const char *shown; /* what help calls it: "net[n]" for a whole family; NULL: its name */
	bool hidden;       /* one of a family that another row shows */
};

/** struct option_given - one option as it was given; value NULL for a flag */
struct option_given {
	const struct option_row *row;
	const char *value;
};

enum { OPTIONS_GIVEN_MAX = 1024 };

struct options {
	struct option_given given[OPTIONS_GIVEN_MAX];
	size_t count;
	char **words; /* what is no option: at the caller's argv */
	int word_count;
};

/**
 * options_parse() - sort @argv into options and words
 * @first_word_ends: options stop at the first word (global options, exec)
 *
 * "--name VALUE", "--name=VALUE", one dash likewise, "-n VALUE", "--" ends options. Reorders argv.
 * Return: 0; -EINVAL for an unknown option or a missing value.
 */
int options_parse(const struct option_row *table, char **argv, int argc, bool first_word_ends,
		  struct options *options, struct err *err);

/** option_value() - the last value given for @name. Return: NULL if it was not given. */
const char *option_value(const struct options *options, const char *name);
bool option_flag(const struct options *options, const char *name);

/** option_values() - all values given for @name, in @arena, NULL at the end. */
const char *const *option_values(struct arena *arena, const struct options *options,
				 const char *name);

/** option_pid() - --NAME as a process id; @pid stays where it isn't given */
int option_pid(const struct options *options, const char *name, pid_t *pid, struct err *err);

/** option_is_json() - whether --NAME says json
 * @other: the other word that it may say, which is the default */
int option_is_json(const struct options *options, const char *name, const char *other, bool *json,
		   struct err *err);
