#pragma once

#include "lib/step.h"
#include "ns/userns.h"

struct err;
struct oci_spec;
struct plan;

/* The maps of a new user namespace: written by the host's side while its process waits. */
struct idmap_step {
	struct step step;
	struct idmap uid, gid;
};

extern const struct step_kind idmap_kind; /* STEP_MAP */

/** idmap_plan() - a step where the spec has a new user namespace; nothing else. */
int idmap_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
