#pragma once

#include <stddef.h>

struct arena;
struct host;
struct step_kind;
struct text;

/*
 * The host, asked by doing: each probe makes what a container needs, and takes it away again. A
 * kernel's configuration says what might be; this says what is, for this caller.
 */

struct probing {
	struct arena *arena;
	const struct host *host;
};

struct probe {
	const char *name;  /* "user-namespace"                                     */
	const char *about; /* what goes without it: "unprivileged containers"      */

	/* Says in @text what it saw. Return: 0: it can be done; a negative errno: it can't, and
	 * @text has why and what to do. */
	int (*run)(const struct probing *probing, struct text *text);

	/* A plan with such steps is known to work only when this does; NULL: the plan knows itself,
	 * by struct host, what can't be enforced. -EPERM: the caller may not try. */
	const struct step_kind *step;
};

/** probe_at() - the probes, from 0. Return: NULL: that was the last. */
const struct probe *probe_at(size_t index);

/** probe_idmap() - can the file system at @path be mounted with an id map? As struct probe's run.
 */
int probe_idmap(const struct probing *probing, const char *path, struct text *text);
