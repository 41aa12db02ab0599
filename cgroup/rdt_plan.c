#include "cgroup/rdt.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <string.h>

static const struct rdt_step *rdt_of(const struct step *step)
{
	return container_of(step, struct rdt_step, step);
}

static void describe(const struct step *step, struct text *text)
{
	const struct rdt_step *rdt = rdt_of(step);

	text_addf(text, "%s/%s", rdt->root, rdt->group);
	if (step->kind == &rdt_task_kind)
		return;
	for (const char *at = rdt->schemata; *at; at += strcspn(at, "\n"), at += *at == '\n')
		text_addf(text, ", %.*s", (int)strcspn(at, "\n"), at);
	if (rdt->counter)
		text_addf(text, ", counted as %s", rdt->counter);
}

static void write_rdt(const struct step *step, struct json_out *out)
{
	const struct rdt_step *rdt = rdt_of(step);

	json_out_string(out, "root", rdt->root);
	json_out_string(out, "group", rdt->group);
	json_out_string(out, "schemata", rdt->schemata);
	if (rdt->counter)
		json_out_string(out, "counter", rdt->counter);
	json_out_bool(out, "named", rdt->named);
}

const struct step_kind rdt_group_kind = {
	.name = "rdt.group",
	.describe = describe,
	.write = write_rdt,
	.apply = rdt_group_apply,
	.undo = rdt_group_undo,
	.observe = rdt_group_observe,
};

const struct step_kind rdt_task_kind = {
	.name = "rdt.task",
	.describe = describe,
	.write = write_rdt,
	.apply = rdt_task_apply,
	.observe = rdt_task_observe,
};

/* config-linux.md: memBwSchema stands for lines of memory bandwidth that l3CacheSchema has. */
static void add_cache_lines(struct text *text, const struct oci_intel_rdt *rdt)
{
	for (const char *at = rdt->l3_cache_schema; at && *at;
	     at += strcspn(at, "\n"), at += *at == '\n')
		if (!rdt->mem_bw_schema || !starts_with(at, "MB:"))
			text_addf(text, "%.*s\n", (int)strcspn(at, "\n"), at);
}

static const char *schemata_of(struct plan *plan, const struct oci_intel_rdt *rdt)
{
	cleanup_(text_free) struct text text = {};

	add_cache_lines(&text, rdt);
	if (rdt->mem_bw_schema)
		text_addf(&text, "%s\n", rdt->mem_bw_schema);
	for (size_t i = 0; i < rdt->schemata.count; i++)
		text_addf(&text, "%s\n", rdt->schemata.items[i]);
	return arena_strdup(&plan->arena, text_str(&text));
}

static void plan_step_of(struct plan *plan, const struct step_kind *kind, enum step_stage stage,
			 const struct oci_intel_rdt *rdt, const char *id)
{
	struct rdt_step *step =
		plan_step(plan, kind, stage, sizeof(*step), plan_origin(plan, "linux.intelRdt"));

	step->root = plan->host->resctrl;
	step->named = rdt->clos_id != NULL;
	step->group = arena_strdup(&plan->arena, rdt->clos_id ? rdt->clos_id : id);
	if (strcmp(step->group, "/") == 0)
		step->group = "";
	step->schemata = schemata_of(plan, rdt);
	step->counter = rdt->enable_monitoring ? arena_strdup(&plan->arena, id) : NULL;
}

static bool is_there(struct plan *plan, const struct oci_spec *spec)
{
	if (!spec->linux.intel_rdt)
		return false;
	if (!plan->host->resctrl)
		plan_missing(plan, "intelRdt", plan_origin(plan, "linux.intelRdt"),
			     "no resctrl file system is mounted on /sys/fs/resctrl: this processor "
			     "divides neither cache nor memory bandwidth, or nobody mounted it");
	return plan->host->resctrl;
}

int rdt_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err)
{
	if (is_there(plan, spec))
		plan_step_of(plan, &rdt_group_kind, STEP_PREPARE, spec->linux.intel_rdt, id);
	return rdt_exec_plan(plan, spec, id, err);
}

int rdt_exec_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err)
{
	if (spec->linux.intel_rdt && plan->host->resctrl)
		plan_step_of(plan, &rdt_task_kind, STEP_ATTACH, spec->linux.intel_rdt, id);
	return 0;
}
