#pragma once

#include "lib/step.h"

struct err;
struct oci_process;
struct plan;

/** struct oom_step - how soon the kernel ends the process when memory is short; -1000 to 1000 */
struct oom_step {
	struct step step;
	int score_adj;
};

extern const struct step_kind oom_kind; /* STEP_ATTACH: lowering takes the host's rights */

int oom_plan(struct plan *plan, const struct oci_process *process, const char *path,
	     struct err *err);
