#pragma once

#include "lib/step.h"

struct err;
struct oci_spec;
struct plan;

enum { MEMPOLICY_NODES_MAX = 1024 };

/** struct mempolicy_step - which memory nodes the container's pages come from */
struct mempolicy_step {
	struct step step;
	const char *mode;  /* "MPOL_BIND"                             */
	const char *shown; /* how numa_maps calls it: "bind"          */
	const char *nodes; /* "0-1"; "": none                         */
	int number;        /* set_mempolicy(2)'s mode, with its flags */
	unsigned long mask[MEMPOLICY_NODES_MAX / (8 * sizeof(unsigned long))];
};

extern const struct step_kind mempolicy_kind; /* STEP_EXEC: a process sets its own */

/** mempolicy_plan() - linux.memoryPolicy, of every process of the container */
int mempolicy_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
