#pragma once

#include "lib/step.h"

struct plan;

/*
 * A session keyring of the container's own, so that its programs neither see nor use the keys of
 * who started it (session-keyring(7)). It is named after the container: further programs join it
 * by that name. STEP_EXEC, before a filter may forbid keyctl(2).
 */
struct keyring_step {
	struct step step;
	const char *name;  /* "_ses.100" */
	const char *label; /* SELinux: of the new key; NULL: none */
};

extern const struct step_kind keyring_kind;

/** keyring_plan() - @label: process.selinuxLabel where the kernel has SELinux, else NULL */
void keyring_plan(struct plan *plan, const char *id, const char *label);
