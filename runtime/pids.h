#pragma once

#include <stddef.h>
#include <sys/types.h>

struct arena;
struct err;
struct record;

/**
 * record_pids() - the processes of a container: those in its cgroup or, where it has none, in its
 * pid namespace and those below
 * @pids: as the caller's /proc has them, in @arena; those that the caller may not look at are left
 * out, and they are none of its own
 * Return: 0; -ENOTSUP for a container with neither.
 */
int record_pids(struct arena *arena, const struct record *record, pid_t **pids, size_t *count,
		struct err *err);
