#include "debug/tools.h"
#include "lib/plan.h"

static const char origin[] = "pctrun debug";

int tools_plan(struct plan *plan, const void *data, struct err *err)
{
	struct tools_step *source =
		plan_step(plan, &tools_source_kind, STEP_PREPARE, sizeof(*source), origin);
	struct tools_step *tools =
		plan_step(plan, &tools_kind, STEP_INSIDE, sizeof(*tools), origin);

	source->tools = tools->tools = data;
	source->slot = tools->slot = plan_slot(plan);
	return 0;
}
