#include "cli/pct.h"
#include "cli/show_plan.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "pve/translate.h"

#include <stdio.h>

static const struct option_row check_options[] = {{}};

static int make_plan(struct pct *pct, const char *id, struct translation *translation,
		     struct plan *plan, struct err *err)
{
	int r;

	r = pct_translate(pct, id, "/", translation, err);
	return r < 0 ? r
		     : container_plan_spec(&pct->runtime, id, "/", translation->spec, plan, err);
}

/* What is not enforced is in the plan. */
static void show_notes(const struct pve_notices *notices)
{
	for (size_t i = 0; i < notices->count; i++) {
		const struct pve_notice *notice = &notices->items[i];

		if (!notice->unenforced)
			(void)printf("%-8s %-16s %s (from %s)\n", "note", notice->what,
				     notice->text, notice->origin);
	}
}

/* Return: the number of things that would stop a start, or why it can't be known. */
static int check_one(struct pct *pct, const char *id, struct err *err)
{
	struct translation translation = {};
	cleanup_(plan_free) struct plan plan = {};
	int r, missing = 0;

	r = make_plan(pct, id, &translation, &plan, err);
	if (r == 0) {
		show_notes(translation.notices);
		missing = show_missing(&plan);
	}
	if (r == 0 && missing == 0)
		(void)printf("this host can enforce all of %s.conf\n", id);
	conf_free(&translation.conf);
	return r < 0 ? r : missing;
}

/* One after the other; what one config has wrong is no reason not to look at the next. */
static int check_all(struct pct *pct, struct err *err)
{
	const char **ids;
	int r, missing = 0;

	r = etc_list(pct->arena, &pct->etc, &ids, err);
	for (; r == 0 && *ids; ids++) {
		struct err why = {};
		char line[1600];
		int found = check_one(pct, *ids, &why);

		if (found < 0)
			(void)printf("error    %s\n", err_text(&why, line, sizeof(line)));
		missing += found != 0;
	}
	return r < 0 ? r : missing > 0;
}

static int run_check(struct pct *pct, const struct options *given, struct err *err)
{
	int r = given->word_count ? check_one(pct, given->words[0], err) : check_all(pct, err);

	return r < 0 ? r : r > 0;
}

const struct pct_verb pct_check = {
	.name = "check",
	.ours = true,
	.words = "[<vmid>]",
	.help = "print what of a config (or of all) is not acted on, and what this host can't "
		"enforce; status 1 for the latter",
	.options = check_options,
	.words_max = 1,
	.run = run_check,
};
