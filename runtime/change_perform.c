#include "runtime/change.h"

#include "lib/err.h"
#include "lib/fault.h"
#include "lib/own.h"
#include "lib/run.h"
#include "lib/worker.h"
#include "runtime/join.h"
#include "runtime/live.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

static int perform(const struct change *change, struct run *run, struct err *err)
{
	int r;

	if (change->from && change->to && !change->kind->change)
		return 0;
	r = fault_point(change->kind->side == LIVE_HOST ? "change" : "inside", err);
	if (r < 0)
		return r;
	if (!change->from)
		return step_apply(change->to, run, err);
	if (!change->to)
		r = change->kind->revert ? change->kind->revert(change->from, run, err) : 0;
	else
		r = change->kind->change(change->from, change->to, run, err);
	if (r < 0)
		err_origin(err, (change->to ? change->to : change->from)->origin);
	return r;
}

/* The first failure is what the reader wants to know. */
static void take_back(const struct changes *changes, size_t count, enum live_side side,
		      struct run *run)
{
	while (count-- > 0) {
		const struct change *change = &changes->items[count];
		const struct change back = {change->kind, change->to, change->from};

		if (change->kind->side == side)
			(void)perform(&back, run, NULL);
	}
}

static int perform_side(const struct changes *changes, enum live_side side, struct run *run,
			struct err *err)
{
	for (size_t i = 0; i < changes->count; i++) {
		int r = changes->items[i].kind->side == side ? perform(&changes->items[i], run, err)
							     : 0;

		if (r < 0) {
			take_back(changes, i, side, run);
			return r;
		}
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

static bool is_there(const struct change *change, struct run *run)
{
	const struct step *step = change->to;
	struct observation seen = {};

	return change->kind->side == LIVE_INSIDE && !change->from && step->kind->observe &&
	       step->kind->observe(step, run, &seen, NULL) == 0 && seen.observed == OBSERVED_HOLDS;
}

/* What isn't there needs no taking back, and what is may be a mount of the container's own. */
static int leave(void *data, struct err *err)
{
	const struct visit *visit = data;
	const struct changes *changes = visit->changes;
	struct changes there = {calloc(changes->count, sizeof(struct change)), 0};
	int r;

	if (!there.items)
		return err_set(err, -ENOMEM, "take back mounts");
	for (size_t i = 0; i < changes->count; i++)
		if (is_there(&changes->items[i], visit->run))
			there.items[there.count++] = changes->items[i];
	r = join(visit->run, err);
	if (r == 0)
		take_back(&there, there.count, LIVE_INSIDE, visit->run);
	free(there.items);
	return r;
}

void changes_take_back(const struct changes *changes, struct run *run)
{
	struct visit data = {changes, run};

	if (any_inside(changes))
		(void)worker_run(leave, &data, NULL);
	take_back(changes, changes->count, LIVE_HOST, run);
}

int changes_perform(const struct changes *changes, struct run *run, struct err *err)
{
	struct visit data = {changes, run};
	int r = perform_side(changes, LIVE_HOST, run, err);

	if (r < 0 || !any_inside(changes))
		return r;
	r = worker_run(visit, &data, err);
	if (r == -EIO) /* killed: it has not taken back its own */
		changes_take_back(changes, run);
	else if (r < 0)
		take_back(changes, changes->count, LIVE_HOST, run);
	return r;
}
