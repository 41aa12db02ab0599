#include "runtime/change.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/run.h"
#include "lib/worker.h"
#include "runtime/join.h"
#include "runtime/live.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

static int perform(const struct change *change, struct run *run, struct err *err)
{
	int r;

	if (!change->from)
		return step_apply(change->to, run, err);
	if (!change->to)
		r = change->kind->revert ? change->kind->revert(change->from, run, err) : 0;
	else
		r = change->kind->change ? change->kind->change(change->from, change->to, run, err)
					 : 0;
	if (r < 0)
		err_origin(err, (change->to ? change->to : change->from)->origin);
	return r;
}

/* The first failure is what the reader wants to know. */
static void take_back(const struct changes *changes, size_t done, struct run *run)
{
	while (done-- > 0) {
		const struct change *change = &changes->items[done];
		const struct change back = {change->kind, change->to, change->from};

		if (change->kind->side == LIVE_HOST)
			(void)perform(&back, run, NULL);
	}
}

static int perform_side(const struct changes *changes, enum live_side side, struct run *run,
			struct err *err)
{
	for (size_t i = 0; i < changes->count; i++) {
		int r = changes->items[i].kind->side == side ? perform(&changes->items[i], run, err)
							     : 0;

		if (r < 0 && side == LIVE_HOST)
			take_back(changes, i, run);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What is made in there belongs to the container's root. */
static int join(struct run *run, struct err *err)
{
	int r;

	run->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (run->proc_fd < 0)
		return err_set(err, -errno, "open /proc");
	r = join_as_root(run->pid, run->pid_fd, CLONE_NEWNS | CLONE_NEWUSER, err);
	if (r < 0)
		return r;
	close_fd(run->root_fd);
	run->root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return run->root_fd < 0 ? err_set(err, -errno, "open the container's root") : 0;
}

struct visit {
	const struct changes *changes;
	struct run *run;
};

static int visit(void *data, struct err *err)
{
	const struct visit *visit = data;
	int r = worker_hide_mounts(err);

	if (r == 0)
		r = perform_side(visit->changes, LIVE_OUTSIDE, visit->run, err);
	if (r == 0)
		r = join(visit->run, err);
	return r < 0 ? r : perform_side(visit->changes, LIVE_INSIDE, visit->run, err);
}

static bool any_inside(const struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		if (changes->items[i].kind->side == LIVE_INSIDE && !changes->items[i].from)
			return true;
	return false;
}

int changes_perform(const struct changes *changes, struct run *run, struct err *err)
{
	struct visit data = {changes, run};
	int r = perform_side(changes, LIVE_HOST, run, err);

	if (r < 0 || !any_inside(changes))
		return r;
	r = worker_run(visit, &data, err);
	if (r < 0)
		take_back(changes, changes->count, run);
	return r;
}
