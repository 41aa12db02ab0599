#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct text;

/** process_has() - whether there is such a tool where process_run() looks for it */
bool process_has(const char *tool);

/**
 * process_run() - run a tool of the host and wait for it; no shell is involved
 * @argv: the name, looked up in PATH, then its arguments, NULL at the end
 * @output: what it wrote to stdout and stderr is added; NULL: wanted for the error only
 *
 * The tool reads from /dev/null, in the C locale. The error has its last line.
 * Return: 0; -ENOENT when there is no such tool; -EIO when it failed.
 */
int process_run(const char *const argv[], struct text *output, struct err *err);

/**
 * process_status() - the same for a tool whose exit status says more than that it failed
 * Return: the exit status; -ENOENT when there is no such tool; -EIO when a signal ended it.
 */
int process_status(const char *const argv[], struct text *output, struct err *err);

/** process_failed() - the error for a status that is one: the last line of @output says why. */
int process_failed(const char *tool, int status, const struct text *output, struct err *err);

/** process_start() - process_run() without waiting; @stdio_fd is its stdin, stdout and stderr. */
int process_start(const char *const argv[], int stdio_fd, pid_t *pid);
