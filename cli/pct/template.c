#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"
#include "pve/verbs/make_template.h"

static const struct option_row options[] = {{}};

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	int r = power_begin(&power, pct, given->words[0], err);

	if (r == 0 && pct_running(pct, power.id))
		r = err_plain(err, -EBUSY,
			      "you can't convert a CT to template if the CT is running");
	return r < 0 ? r : make_template(&power.conf, &pct->etc, err);
}

const struct pct_verb pct_template = {
	.name = "template",
	.words = "<vmid>",
	.help = "make a container a template: it never starts, others are cloned from it",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
