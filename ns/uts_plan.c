#include "lib/plan.h"
#include "ns/uts.h"
#include "oci/spec.h"

static void add(struct plan *plan, const char *name, bool domain)
{
	struct uts_step *step;

	if (!name || !*name)
		return;
	step = plan_step(plan, &uts_kind, STEP_ENTER, sizeof(*step),
			 plan_origin(plan, domain ? "domainname" : "hostname"));
	step->name = name;
	step->domain = domain;
}

int uts_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	add(plan, spec->hostname, false);
	add(plan, spec->domainname, true);
	return 0;
}
