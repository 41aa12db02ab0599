#pragma once

#include "lib/step.h"

#include <stdbool.h>

struct err;
struct oci_process;
struct plan;

/** struct oom_step - how soon the kernel ends the process when memory is short; -1000 to 1000 */
struct oom_step {
	struct step step;
	int score_adj;
	bool at_least; /* the caller may not lower its own: then that is kept */
};

extern const struct step_kind oom_kind;

/**
 * oom_plan() - a step at STEP_ATTACH, where lowering takes the host's rights
 * @early: the stage for a caller without them, who may write as long as the process has its ids:
 * STEP_MAP, or for exec STEP_CLONE, whose process the other one inherits from
 */
int oom_plan(struct plan *plan, enum step_stage early, const struct oci_process *process,
	     const char *path, struct err *err);
