#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/stdio.h"
#include "oci/spec.h"

static void stdio_describe(const struct step *step, struct text *text)
{
	text_addf(text, "null device from inside, pipes to user %u",
		  container_of(step, struct stdio_step, step)->uid);
}

static void stdio_write(const struct step *step, struct json_out *out)
{
	json_out_u64(out, "uid", container_of(step, struct stdio_step, step)->uid);
}

const struct step_kind stdio_kind = {
	.name = "stdio",
	.describe = stdio_describe,
	.write = stdio_write,
	.apply = stdio_apply,
	.observe = stdio_observe,
};

void stdio_plan(struct plan *plan, enum step_stage stage, const struct oci_process *process,
		const char *path)
{
	struct stdio_step *step = plan_step(plan, &stdio_kind, stage, sizeof(*step),
					    plan_origin(plan, "%s.user", path));

	step->uid = process->user.uid;
}
