#pragma once

#include "lib/step.h"

#include <stdint.h>

struct err;
struct oci_process;
struct oci_spec;
struct plan;

struct rlimit_step {
	struct step step;
	const char *name; /* "RLIMIT_NOFILE" */
	int resource;
	uint64_t soft, hard;
};

extern const struct step_kind rlimit_kind;

/**
 * rlimit_plan() - one step a limit
 *
 * At STEP_EXEC, by the process itself before it gives up its rights; where it has a user namespace
 * of its own it never had them, and the host's side does it at STEP_ATTACH.
 */
int rlimit_plan(struct plan *plan, const struct oci_spec *spec, const struct oci_process *process,
		const char *path, struct err *err);

int rlimit_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err);
