#include "cli/pct/halt.h"
#include "cli/pct/launch.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"
#include "cli/pct/unit.h"
#include "lib/err.h"

enum { HALT_SECONDS = 60 };

static const struct option_row options[] = {
	{"timeout", 0, "SECONDS", "how long to wait before it is killed (default: 60)"},
	{"accept-unenforced", 0, "LIST",
	 "go on without what this host can't enforce; all, or words"},
	{},
};

/* Nobody means to lose a container that runs, for want of a word that its start was given. */
static void accept_as_before(struct pct *pct, const char *id)
{
	if (!pct->runtime.accept)
		pct->runtime.accept = container_accepted(&pct->runtime, pct->arena, id);
}

/* The config's `lock` is not looked at, as in Proxmox. A unit's main process ends with the
 * container: what we would start here ourselves were no longer the unit's. */
static int reboot(struct power *power, unsigned int seconds, struct err *err)
{
	struct launch launch = {
		.pct = power->pct, .id = power->id, .lock = &power->lock, .steps_fd = -EBADF};
	bool unit = unit_holds(power->pct, power->id);
	int r;

	accept_as_before(power->pct, power->id);
	power_hook(power->pct, &power->conf, "pre-stop");
	r = power_halt(power, seconds, true, err);
	if (r < 0 || !unit)
		return r < 0 ? r : launch_container(&launch, err);
	lock_drop(&power->lock);
	return unit_restart(power->id, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	const char *id = given->words[0];
	unsigned int seconds = HALT_SECONDS;
	int r;

	r = pct_accept(pct, given, err);
	if (r == 0)
		r = pct_seconds(given, &seconds, err);
	if (r == 0)
		r = pct_exists(pct, id, err);
	if (r == 0 && !pct_running(pct, id))
		r = err_plain(err, -ESRCH, "VM %s not running", id);
	if (r == 0)
		r = power_begin(&power, pct, id, err);
	if (r == 0 && !pct_running(pct, id))
		return 0; /* it stopped meanwhile */
	return r < 0 ? r : reboot(&power, seconds, err);
}

const struct pct_verb pct_reboot = {
	.name = "reboot",
	.words = "<vmid>",
	.help = "stop a container and start it again",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.enters = true,
	.run = run,
};
