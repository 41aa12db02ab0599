#include "cli/pct/pct.h"
#include "cli/plan_diff.h"
#include "cli/show_plan.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/plan.h"
#include "pve/conf/value.h"

static const struct option_row options[] = {
	{"against", 0, "<vmid|file>",
	 "show the difference from another config instead, as if it were this container's"},
	{"set", 0, "<key=value>",
	 "show what changes with another line; an empty value leaves the line out; may be "
	 "repeated"},
	{"format", 0, "FORMAT", "text (default) or json"},
	{},
};

/* A config and what a start would make of it. */
struct planned {
	struct translation translation;
	struct plan plan;
};

static int make_plan(struct pct *pct, const char *id, struct planned *planned, struct err *err)
{
	int r = pct_translate(pct, id, "/", &planned->translation, err);

	return r < 0 ? r
		     : container_plan_spec(&pct->runtime, id, "/", planned->translation.spec,
					   &planned->plan, err);
}

static void planned_free(struct planned *planned)
{
	plan_free(&planned->plan);
	conf_free(&planned->translation.conf);
}
DEFINE_CLEANUP(struct planned, planned_free);

static const char *file_of(struct pct *pct, const char *other)
{
	return other && value_is_id(other)
		       ? arena_printf(pct->arena, "%s/lxc/%s.conf", pct->etc.folder, other)
		       : other;
}

static int show_difference(struct pct *pct, const char *id, const char *const *sets, bool json,
			   struct planned *before, struct err *err)
{
	cleanup_(planned_free) struct planned after = {
		.translation = {.sets = sets, .told = !before->translation.file}};
	struct plan_diff diff;
	int r = make_plan(pct, id, &after, err);

	if (r < 0)
		return r;
	plan_diff(pct->arena, &before->plan, &after.plan, &diff);
	plan_diff_show(&diff, json);
	return 0;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char *id = given->words[0], *other = option_value(given, "against");
	const char *const *sets = option_values(pct->arena, given, "set");
	cleanup_(planned_free) struct planned planned = {
		.translation = {.file = file_of(pct, other)}};
	bool json;
	int r;

	r = option_is_json(given, "format", "text", &json, err);
	if (r == 0)
		r = make_plan(pct, id, &planned, err);
	if (r < 0)
		return r;
	if (other || *sets)
		return show_difference(pct, id, sets, json, &planned, err);
	show_plan(&planned.plan, json);
	return 0;
}

const struct pct_verb pct_plan = {
	.name = "plan",
	.reads = true,
	.ours = true,
	.words = "<vmid>",
	.help = "print what a start would do, and which config line asked for it; or what a change "
		"makes of it",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
