#pragma once

#include "lib/step.h"

struct oci_process;
struct oci_strings;
struct plan;

/** struct execve_step - what all the other steps are for; its apply is NULL: runtime/init.c does it
 * (ns/program.h) when the start is on record */
struct execve_step {
	struct step step;
	const char *cwd;
	const struct oci_strings *args;
	const struct oci_strings *env;
};

extern const struct step_kind execve_kind; /* STEP_LAST */

/** execve_plan() - args, cwd and env of @process, which stands at @path of the spec: "process" */
void execve_plan(struct plan *plan, const struct oci_process *process, const char *path);
