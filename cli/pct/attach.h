#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct pct;

/** struct attach - a command that joins a running container as its root */
struct attach {
	const char *id;
	const char **args; /* args[0] NULL: root's shell */
	size_t count;
	bool keep_env; /* the caller's variables, or a PATH alone, before the container's own */
};

/**
 * pct_attach() - run it and stay with it; where the caller's 0, 1 or 2 are a terminal it has one of
 * the container in their place
 * Return: its exit status; 126, 127 or 1 when it could not be run; or a negative errno.
 */
int pct_attach(struct pct *pct, const struct attach *attach, struct err *err);
