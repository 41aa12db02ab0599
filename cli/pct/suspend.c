#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"

/* By the freezer: nothing of the container runs, all of it stays in memory. */

static const struct option_row options[] = {{}};

static int suspend(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	const char *id = given->words[0];
	int r = pct_exists(pct, id, err);

	if (r == 0)
		r = power_begin(&power, pct, id, err);
	if (r == 0)
		r = power_check_lock(&power, true, err);
	if (r == 0 && !pct_running(pct, id))
		r = err_plain(err, -ESRCH, "CT %s not running", id);
	if (r == 0 && pct_paused(pct, id))
		r = err_plain(err, -EBUSY, "CT %s is suspended already", id);
	return r < 0 ? r : container_pause(&pct->runtime, id, err);
}

static int resume(struct pct *pct, const struct options *given, struct err *err)
{
	const char *id = given->words[0];
	int r = pct_exists(pct, id, err);

	if (r == 0 && !pct_paused(pct, id))
		r = err_plain(err, -EINVAL, "CT %s is not suspended", id);
	return r < 0 ? r : container_resume(&pct->runtime, id, err);
}

const struct pct_verb pct_suspend = {
	.name = "suspend",
	.words = "<vmid>",
	.help = "freeze a container: it stays in memory",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = suspend,
};

const struct pct_verb pct_resume = {
	.name = "resume",
	.words = "<vmid>",
	.help = "let a suspended container go on",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = resume,
};
