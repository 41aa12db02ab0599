#include "cli/pct/halt.h"
#include "cli/pct/launch.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"
#include "pve/snapshot/snapshot.h"

static const struct option_row options[] = {
	{"start", 0, NULL, "start it afterwards"},
	{},
};

static int start(struct power *power, struct err *err)
{
	struct launch launch = {
		.pct = power->pct,
		.id = power->id,
		.lock = &power->lock,
		.steps_fd = -EBADF,
	};

	return launch_container(&launch, err);
}

/* Also what a crash has left of it: its volumes are not in use then. */
static int end(struct power *power, struct err *err)
{
	if (pct_running(power->pct, power->id))
		return power_kill(power, err);
	return container_delete(&power->pct->runtime, power->id, true, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	const struct snapshot_request request = {
		.etc = &pct->etc,
		.name = given->words[1],
		.warn = pct_warn,
	};
	int r = power_begin(&power, pct, given->words[0], err);

	if (r == 0)
		r = pct_accept(pct, given, err);
	if (r == 0)
		r = snapshot_check_rollback(&power.conf, &request, err);
	if (r == 0)
		r = end(&power, err);
	if (r == 0)
		r = snapshot_rollback(&power.conf, &request, err);
	return r < 0 || !option_flag(given, "start") ? r : start(&power, err);
}

const struct pct_verb pct_rollback = {
	.name = "rollback",
	.words = "<vmid> <snapname>",
	.help = "give a container the config and the volumes that it had at a snapshot",
	.options = options,
	.words_min = 2,
	.words_max = 2,
	.run = run,
};
