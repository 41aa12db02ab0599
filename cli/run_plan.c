#include "cli/pctrun.h"
#include "cli/show_plan.h"

#include "lib/err.h"
#include "lib/plan.h"

static const struct option_row options[] = {
	{"bundle", 'b', "DIR", "folder of config.json (default: .)"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	{},
};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(plan_free) struct plan plan = {};
	const char *bundle = option_value(given, "bundle");
	bool json;
	int r;

	r = option_is_json(given, "format", "text", &json, err);
	if (r < 0)
		return r;
	r = container_plan(runtime, given->word_count ? given->words[0] : "ID",
			   bundle ? bundle : ".", &plan, err);
	if (r < 0)
		return r;
	show_plan(&plan, json);
	return 0;
}

const struct verb verb_plan = {
	.name = "plan",
	.words = "[ID]",
	.help = "print what would be done for a bundle, in order, and who asked for it",
	.options = options,
	.words_max = 1,
	.plans = true,
	.run = run,
};
