#pragma once

#include "lib/step.h"

#include <stdint.h>

struct err;
struct oci_process;
struct plan;

/*
 * The inherited 0, 1, 2 of a program without a terminal. The null device is opened anew inside:
 * the caller's is the host's inode, whose owner and mode a privileged program could change. Pipes
 * and sockets go to the program's user, who could not reopen them otherwise. All else, the host's
 * files and terminals, stays whose it is.
 */
struct stdio_step {
	struct step step;
	uint32_t uid;
};

extern const struct step_kind stdio_kind;

/** stdio_plan() - one step at @stage: STEP_INSIDE after the pivot; of exec STEP_EXEC, the first */
void stdio_plan(struct plan *plan, enum step_stage stage, const struct oci_process *process,
		const char *path);

int stdio_apply(const struct step *step, struct run *run, struct err *err);
int stdio_observe(const struct step *step, struct run *run, struct observation *seen,
		  struct err *err);
