#pragma once

#include "lib/step.h"
#include "ns/userns.h"

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
};

extern const struct step_kind idmap_kind;        /* "idmap": STEP_MAP       */
extern const struct step_kind idmap_joined_kind; /* "idmap.joined": STEP_MAP */

/** idmap_plan() - a step where the spec has a user namespace and maps; nothing else. */
int idmap_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
