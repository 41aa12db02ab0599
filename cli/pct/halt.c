#include "cli/pct/halt.h"

#include "cli/pct/pct.h"
#include "cli/pct/power.h"
#include "cli/pct/waiting.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "runtime/halt.h"

#include <stdio.h>

enum { REPORT_SECONDS = 5 };

int power_kill(const struct power *power, struct err *err)
{
	const struct runtime *runtime = &power->pct->runtime;
	int r = container_stop(runtime, power->id, err);

	if (r < 0 && r != -ESRCH && r != -ENOENT) /* those: it has just ended by itself */
		return r;
	err_clear(err);
	return container_await_end(runtime, power->id, DEADLINE_NONE, err);
}

typedef int step_fn(const struct runtime *runtime, const char *id, int64_t deadline,
		    struct err *err);

/* Quiet for as long as most containers take; then it says what is in the way, again and again. */
static int patiently(const struct waiting *waiting, step_fn *step, struct err *err)
{
	const struct power *power = waiting->power;
	int r;

	do {
		int64_t next = deadline_in(REPORT_SECONDS);

		if (next > waiting->deadline)
			next = waiting->deadline;
		err_clear(err);
		r = step(&power->pct->runtime, power->id, next, err);
		if (r != -ETIMEDOUT || deadline_left(waiting->deadline) == 0)
			return r;
		waiting_report(waiting);
	} while (true);
}

static int give_up(const struct power *power, struct err *err)
{
	const bool frozen = pct_paused(power->pct, power->id);

	err_plain(err, -ETIMEDOUT, "container did not stop%s", frozen ? ": it is suspended" : "");
	if (frozen)
		err_hint(err, "pct resume %s", power->id);
	return -ETIMEDOUT;
}

int power_halt(const struct power *power, unsigned int seconds, bool force, struct err *err)
{
	const struct waiting waiting = {
		.power = power,
		.deadline = seconds ? deadline_in(seconds) : DEADLINE_NONE,
		.force = force,
	};
	int r = patiently(&waiting, container_halt, err);

	if (r == 0 || r == -ENOENT) {
		err_clear(err);
		r = patiently(&waiting, container_await_end, err);
	}
	if (r != -ETIMEDOUT)
		return r;
	if (!force)
		return give_up(power, err);
	(void)fprintf(stderr, "CT %s did not stop in %u s: it is killed\n", power->id, seconds);
	return power_kill(power, err);
}
