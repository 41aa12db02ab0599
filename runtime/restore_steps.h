#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct creation;
struct err;
struct plan;

/*
 * What a restore does of a plan. Most of what a create has the container's process do is in the
 * images; the rest is in two parts, around CRIU's own work.
 */

/** restore_prepare() - what has to be there before: cgroup, volumes, sources of mounts */
int restore_prepare(struct creation *creation, struct err *err);

/** restore_group() - the host's number of root's group of a user namespace of its own
 * Return: false where the container has none. */
bool restore_group(const struct plan *plan, gid_t *group);

/** restore_attach() - what is done to the first process, before it runs on */
int restore_attach(struct creation *creation, struct err *err);
