#pragma once

#include "lib/step.h"
#include "ns/userns.h"

#include <stdbool.h>

struct err;
struct oci_spec;
struct plan;

/*
 * The maps of the container's user namespace: of a new one written by the host's side while its
 * process waits; of a joined one only compared, where the spec has any.
 */
struct idmap_step {
	struct step step;
	struct idmap uid, gid;
	bool deny_setgroups; /* for good: what the kernel wants of who has no CAP_SETGID */
};

extern const struct step_kind idmap_kind;        /* "idmap": STEP_MAP       */
extern const struct step_kind idmap_helped_kind; /* "idmap.helped": STEP_MAP, by newuidmap(1)
						    and newgidmap(1) of package uidmap      */
extern const struct step_kind idmap_joined_kind; /* "idmap.joined": STEP_MAP */

/** idmap_plan() - a step where the spec has a user namespace and maps; nothing else. */
int idmap_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
