#include "cli/pct_halt.h"

#include "cli/pct.h"
#include "cli/pct_power.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "runtime/halt.h"

int power_kill(const struct power *power, struct err *err)
{
	const struct runtime *runtime = &power->pct->runtime;
	int r = container_stop(runtime, power->id, err);

	if (r < 0 && r != -ESRCH && r != -ENOENT) /* those: it has just ended by itself */
		return r;
	err_clear(err);
	return container_await_end(runtime, power->id, DEADLINE_NONE, err);
}

int power_halt(const struct power *power, unsigned int seconds, bool force, struct err *err)
{
	const struct runtime *runtime = &power->pct->runtime;
	int64_t deadline = seconds ? deadline_in(seconds) : DEADLINE_NONE;
	int r = container_halt(runtime, power->id, deadline, err);

	if (r == 0 || r == -ENOENT) {
		err_clear(err);
		r = container_await_end(runtime, power->id, deadline, err);
	}
	if (r != -ETIMEDOUT)
		return r;
	if (force)
		return power_kill(power, err);
	return err_plain(err, r, "container did not stop");
}
