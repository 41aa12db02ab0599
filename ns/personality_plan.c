#include "lib/plan.h"
#include "ns/personality.h"
#include "oci/spec.h"

#include <string.h>
#include <sys/personality.h>

void personality_plan(struct plan *plan, const struct oci_spec *spec)
{
	const char *domain = spec->linux.personality.domain;
	struct personality_step *step;

	if (!domain)
		return;
	step = plan_step(plan, &personality_kind, STEP_EXEC, sizeof(*step),
			 plan_origin(plan, "linux.personality"));
	step->domain = domain;
	step->number = strcmp(domain, "LINUX32") == 0 ? PER_LINUX32 : PER_LINUX;
}
