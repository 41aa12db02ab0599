#include "lib/plan.h"
#include "ns/keyring.h"

void keyring_plan(struct plan *plan, const char *id, const char *label)
{
	struct keyring_step *step = plan_step(plan, &keyring_kind, STEP_EXEC, sizeof(*step),
					      "default, without --no-new-keyring");

	step->name = arena_printf(&plan->arena, "_ses.%s", id);
	step->label = label && *label && plan->host->selinux ? label : NULL;
	plan->procfs = plan->procfs || step->label;
}
