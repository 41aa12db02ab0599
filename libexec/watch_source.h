#pragma once

#include <stddef.h>
#include <stdint.h>

struct bpf_link;
struct bpf_object;
struct err;
struct watch_settings;
struct watch_table;

enum { WATCH_POINTS = 3 };

/* Programs in the kernel (libexec/watch.bpf.c), with a table of their own: what this
 * kernel can't have of them takes nothing from the other sources. */
struct watch_source {
	const char *programs[WATCH_POINTS]; /* in the order in which they begin; NULL: no more */
	struct bpf_object *object;
	struct bpf_link *links[WATCH_POINTS];
	const struct watch_table *table;
	/* What was read of it already. */
	uint64_t *told;
	uint8_t *called;
	uint64_t lost;
};

/**
 * watch_source_start() - load the programs, and have the kernel call them from now on
 * @source: has their names
 * @cgroup_fd: the container's
 * Return: 0; a negative errno with the reason, and @source is as it was.
 */
int watch_source_start(struct watch_source *source, int cgroup_fd,
		       const struct watch_settings *settings, struct err *err);

/** watch_source_stop() - they are called no more; the table stays */
void watch_source_stop(struct watch_source *source);

/** watch_source_misses() - how often the kernel passed one over, whoever it was about: a program
 * isn't called while it runs already on the same processor */
uint64_t watch_source_misses(const struct watch_source *source);

void watch_source_free(struct watch_source *source);
