#pragma once

#include "lib/step.h"

struct oci_spec;
struct plan;

/** struct personality_step - the execution domain: what uname(2) calls the machine */
struct personality_step {
	struct step step;
	const char *domain;   /* "LINUX32" */
	unsigned long number; /* personality(2)'s */
};

extern const struct step_kind personality_kind; /* STEP_EXEC: a filter may forbid it later */

/** personality_plan() - linux.personality, of every process of the container */
void personality_plan(struct plan *plan, const struct oci_spec *spec);
