#pragma once

#include "lib/step.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct oci_spec;
struct plan;

/*
 * A new time namespace whose clocks are offset. clone3(2) would make it with its process already
 * in it, and then the offsets can't be set any more (time_namespaces(7)); so the container's
 * process makes it itself, first of the ENTER steps, sets them, and goes into it. One without
 * offsets is made by the clone as all the others are.
 */
struct timens_step {
	struct step step;
	struct clock_offset {
		int64_t secs;
		uint32_t nanosecs;
	} monotonic, boottime;
};

extern const struct step_kind timens_kind;

/** timens_plan() - Return: whether there is such a step, which then makes the namespace */
bool timens_plan(struct plan *plan, const struct oci_spec *spec);
