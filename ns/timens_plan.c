#include "lib/plan.h"
#include "ns/spec_help.h"
#include "ns/timens.h"
#include "oci/spec.h"

bool timens_plan(struct plan *plan, const struct oci_spec *spec)
{
	const struct oci_time_offset *monotonic = &spec->linux.time_offsets.monotonic;
	const struct oci_time_offset *boottime = &spec->linux.time_offsets.boottime;
	const char *origin = plan_origin(plan, "linux.timeOffsets");
	struct timens_step *step;

	if (!monotonic->set && !boottime->set)
		return false;
	if (spec_namespace(spec, "user") && !spec_new_namespace(spec, "user")) {
		plan_missing(plan, "time", origin,
			     "offsets of clocks can't be set from a user namespace that is joined");
		return false;
	}
	step = plan_step(plan, &timens_kind, STEP_ENTER, sizeof(*step), origin);
	plan->procfs = true;
	step->monotonic = (struct clock_offset){monotonic->secs, monotonic->nanosecs};
	step->boottime = (struct clock_offset){boottime->secs, boottime->nanosecs};
	return true;
}
