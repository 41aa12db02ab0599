#include "runtime/unplanned.h"

#include "lib/plan.h"
#include "oci/spec.h"

static void note(struct plan *plan, bool asked, const char *what, const char *path)
{
	if (asked)
		plan_missing(plan, what, plan_origin(plan, "%s", path),
			     "%s is not supported by this version", path);
}

int unplanned_check(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const struct oci_linux *linux = &spec->linux;

	note(plan, linux->intel_rdt, "intelRdt", "linux.intelRdt");
	return 0;
}
