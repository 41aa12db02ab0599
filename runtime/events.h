#pragma once

#include <stdint.h>

struct err;
struct runtime;

/* What a running container uses and what happens to it, as one JSON object each: the lines that
 * engines read from `events`. */

/** struct event_sink - where the objects go, each one line */
struct event_sink {
	void (*line)(void *data, const char *line);
	void *data;
};

/**
 * container_stats() - {"type":"stats","id":ID,"data":{...}}, once
 * Return: 0; -ESRCH "container with id ID is not running"; -ENOTSUP: it has no cgroup.
 */
int container_stats(const struct runtime *runtime, const char *id, const struct event_sink *sink,
		    struct err *err);

/**
 * container_events() - the same every @interval_ms, and {"type":"oom","id":ID} when the kernel has
 * killed a process of the container's for memory
 *
 * Where the host's cgroups know no memory there are no such events. Return: 0 when its last process
 * has ended; else as above.
 */
int container_events(const struct runtime *runtime, const char *id, int64_t interval_ms,
		     const struct event_sink *sink, struct err *err);
