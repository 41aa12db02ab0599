#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;
struct err;
struct runtime;

/* Who is still there of a container that was asked to end. */

/** struct obstacle - one process */
struct obstacle {
	pid_t pid; /* on the host */
	const char *name;
	const char *state; /* "D (disk sleep)", as /proc/PID/status has it               */
	const char *unit;  /* systemd's, "nginx.service", by its cgroup; NULL: none      */
	const char *where; /* the kernel's function that it sleeps in; NULL: not shown   */
	bool first;        /* the container's first process                              */
};

/**
 * container_obstacles() - all processes of a container, the first one first, in @arena
 * @obstacles: @count of them; one that ends meanwhile is left out
 */
int container_obstacles(const struct runtime *runtime, struct arena *arena, const char *id,
			struct obstacle **obstacles, size_t *count, struct err *err);

/** obstacle_stuck() - does it not even hear SIGKILL: state D? */
bool obstacle_stuck(const struct obstacle *obstacle);
