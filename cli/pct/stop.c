#include "cli/pct/halt.h"
#include "cli/pct/overrule.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"
#include "lib/err.h"

static const struct option_row options[] = {
	{"skiplock", 0, NULL, "stop although the config has a lock"},
	{"overrule-shutdown", 0, NULL, "end a `pct shutdown` of it first"},
	{},
};

/* What a crash has left goes all the same. */
static int clean_up(struct pct *pct, const char *id, struct err *err)
{
	int r = container_delete(&pct->runtime, id, true, err);

	return r < 0 ? r : err_plain(err, -ESRCH, "CT %s not running", id);
}

static int stop(struct power *power, bool skiplock, struct err *err)
{
	int r = skiplock ? 0 : power_check_lock(power, false, err);

	if (r < 0)
		return r;
	power_hook(power->pct, &power->conf, "pre-stop");
	return power_kill(power, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	const char *id = given->words[0];
	int r = pct_exists(pct, id, err);

	if (r == 0 && pct_running(pct, id) && option_flag(given, "overrule-shutdown"))
		r = overrule_shutdown(pct, id, err);
	if (r == 0)
		r = power_begin(&power, pct, id, err);
	if (r == 0 && !pct_running(pct, id))
		return clean_up(pct, id, err);
	return r < 0 ? r : stop(&power, option_flag(given, "skiplock"), err);
}

const struct pct_verb pct_stop = {
	.name = "stop",
	.words = "<vmid>",
	.help = "kill a container",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
