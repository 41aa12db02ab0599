#include "cli/pct/halt.h"
#include "cli/pct/overrule.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"
#include "lib/err.h"

enum { SHUTDOWN_SECONDS = 60 };

static const struct option_row options[] = {
	{"timeout", 0, "SECONDS", "how long to wait; 0: for ever (default: 60)"},
	{"forceStop", 0, NULL, "kill it when the time is over"},
	{},
};

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	unsigned int seconds = SHUTDOWN_SECONDS;
	const char *id = given->words[0];
	int r;

	r = pct_seconds(given, &seconds, err);
	if (r == 0)
		r = pct_exists(pct, id, err);
	if (r == 0 && !pct_running(pct, id))
		r = err_plain(err, -ESRCH, "CT %s not running", id);
	if (r == 0)
		r = power_begin(&power, pct, id, err);
	if (r == 0)
		r = power_check_lock(&power, true, err);
	if (r < 0)
		return r;
	shutdown_task_begin();
	power_hook(pct, &power.conf, "pre-stop");
	return power_halt(&power, seconds, option_flag(given, "forceStop"), err);
}

const struct pct_verb pct_shutdown = {
	.name = "shutdown",
	.words = "<vmid>",
	.help = "ask a container to end",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
