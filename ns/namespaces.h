#pragma once

#include "lib/step.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct oci_spec;
struct plan;

/*
 * Namespaces. One step for each, at STEP_CLONE: new ones are all made by the one clone3(2), so
 * their apply is NULL; joined ones are entered by a process in between (runtime/launch.c).
 */
struct namespace_step {
	struct step step;
	const char *type; /* the spec's word: "network"    */
	const char *file; /* of /proc/PID/ns: "net"        */
	uint64_t flag;    /* CLONE_NEWNET                  */
	const char *path; /* joined; NULL: a new one       */
	bool later;       /* not by the clone: ns/timens.h  */
};

extern const struct step_kind namespace_kind;

/** namespaces_plan() - a step for each entry of linux.namespaces. */
int namespaces_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);

/**
 * namespaces_own() - the CLONE_* flags of those that a container was made with, for itself
 *
 * Nobody else is there who hasn't joined it. Without the user namespace, which can't be joined from
 * inside, and that of times, which a kernel may lack.
 */
uint64_t namespaces_own(const struct oci_spec *spec);

/** namespaces_new() - the CLONE_* flags of the new ones. */
uint64_t namespaces_new(const struct plan *plan);

/** namespaces_joined() - whether any is joined by path. */
bool namespaces_joined(const struct plan *plan);

/** namespaces_other_user() - whether the container's user namespace, new or joined, isn't ours. */
bool namespaces_other_user(const struct plan *plan);

/** namespace_open() - one that is joined by path, verified (NS_GET_NSTYPE). Return: a descriptor.
 */
int namespace_open(const struct namespace_step *namespace, struct err *err);

/**
 * namespaces_join() - enter all that are joined by path
 *
 * Opens and verifies every one first (NS_GET_NSTYPE), then enters: what belongs to the caller's
 * user namespace before the user namespace, the rest after. pid and time count for children only.
 * @cgroup_fd: a cgroup namespace that is to be entered after the clone, where there is one: from
 * inside it a hierarchy with nsdelegate refuses to move anybody into the container's cgroup
 */
int namespaces_join(const struct plan *plan, int *cgroup_fd, struct err *err);
