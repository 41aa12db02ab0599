#pragma once

#include "lib/step.h"

struct err;
struct oci_spec;
struct plan;

struct uts_step {
	struct step step;
	const char *name;
	bool domain; /* the NIS domain name, else the host name */
};

extern const struct step_kind uts_kind; /* STEP_ENTER */

int uts_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
