#pragma once

#include <sys/types.h>

struct arena;
struct err;
struct text;

/*
 * Programs of ours that link what the others don't (libexec/). They speak over one socket, which
 * is their stdin, stdout and stderr; on a failure they say two lines, what failed and what to do,
 * and their exit status is its errno.
 */

/** helper_find() - beside this program as it was called, else where it is installed, else in PATH
 */
const char *helper_find(struct arena *arena, const char *name);

/** struct helper - one that runs; closing @socket_fd ends its input */
struct helper {
	int socket_fd;
	pid_t pid;
};

/** helper_start() - @argv as process_run() has it. Both members of @helper are the caller's. */
int helper_start(const char *const argv[], struct helper *helper, struct err *err);

/** helper_end() - wait for it. @answer: what it said. Return: 0, or its errno with its words. */
int helper_end(const struct helper *helper, const char *name, const char *answer, struct err *err);

/** helper_ask() - run one to its end. @input: what it reads, NULL: nothing. @answer: is added to */
int helper_ask(const char *const argv[], const char *input, struct text *answer, struct err *err);
