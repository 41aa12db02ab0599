#include "runtime/change.h"

#include "lib/err.h"
#include "oci/spec.h"
#include "runtime/live.h"
#include "runtime/plan.h"
#include "runtime/record.h"

#include <fcntl.h>
#include <string.h>

/* ------------------------------------------------------------------------------- what changes */

static const struct step *find_same(const struct plan *plan, const struct live_kind *kind,
				    const struct step *step)
{
	step_each (other, plan, step->stage)
		if (other->kind == step->kind && kind->same(step, other))
			return other;
	return NULL;
}

static void add_change(struct changing *changing, const struct live_kind *kind,
		       const struct step *from, const struct step *to)
{
	changing->changes.items[changing->changes.count++] = (struct change){kind, from, to};
}

static void compare_gone(struct changing *changing, enum step_stage stage, bool last)
{
	step_each (from, &changing->before, stage) {
		const struct live_kind *kind = live_kind_find(from->kind);

		if (kind && kind->goes_last == last && !find_same(&changing->after, kind, from))
			add_change(changing, kind, from, NULL);
	}
}

/* What goes makes room for what comes. */
static void compare(struct changing *changing, enum step_stage stage)
{
	compare_gone(changing, stage, false);
	step_each (to, &changing->after, stage) {
		const struct live_kind *kind = live_kind_find(to->kind);

		if (kind)
			add_change(changing, kind, find_same(&changing->before, kind, to), to);
	}
	compare_gone(changing, stage, true);
}

static size_t live_steps(const struct plan *plan)
{
	size_t count = 0;

	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage)
			count += live_kind_find(step->kind) != NULL;
	return count;
}

static void compare_all(struct changing *changing)
{
	size_t most = live_steps(&changing->before) + live_steps(&changing->after);

	changing->changes.items = arena_array(&changing->arena, most + 1, sizeof(struct change));
	for (int stage = 0; stage < STEP_STAGES; stage++)
		compare(changing, stage);
}

/* --------------------------------------------------------------------------- between the two */

static int plan_both(struct changing *changing, const struct oci_spec *from,
		     const struct oci_spec *to, struct err *err)
{
	const struct record *record = changing->record;
	const struct plan_request request = {.id = record->id,
					     .bundle = record->bundle,
					     .cgroup_manager = changing->runtime->cgroup_manager,
					     .no_pivot = record->no_pivot,
					     .no_new_keyring = record->no_new_keyring};
	int r = host_probe(&changing->arena, &changing->host, err);

	if (r == 0)
		r = oci_spec_check(to, err);
	if (r == 0)
		r = plan_make(&changing->before, from, &changing->host, &request, err);
	return r < 0 ? r : plan_make(&changing->after, to, &changing->host, &request, err);
}

static int open_run(struct changing *changing, struct err *err)
{
	const struct record *record = changing->record;
	struct run *run = &changing->run;
	int r = run_look(run, &changing->host, record->pid, err);

	if (r < 0)
		return r;
	run->id = record->id;
	run->state_root = changing->runtime->root;
	run->state_fd = fcntl(changing->state_fd, F_DUPFD_CLOEXEC, 0);
	if (run->state_fd < 0)
		return err_set(err, -errno, "change %s", record->id);
	run->pid = record->pid;
	if (record->cgroup)
		run->cgroup_fd = open(record->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (record->cgroup && run->cgroup_fd < 0)
		return err_set(err, -errno, "open %s", record->cgroup);
	if (record->cgroup)
		run->cgroup_path = strdup(record->cgroup);
	if (run_slots(run, changing->after.slots) < 0)
		return err_set(err, -ENOMEM, "change %s", record->id);
	return journal_open(changing->state_fd, &run->journal, err);
}

void changing_init(struct changing *changing, const struct runtime *runtime,
		   const struct record *record, int state_fd)
{
	*changing = (struct changing){.runtime = runtime, .record = record, .state_fd = state_fd};
	run_init(&changing->run);
}

void changing_free(struct changing *changing)
{
	journal_close(changing->run.journal);
	run_close(&changing->run);
	plan_free(&changing->before);
	plan_free(&changing->after);
	arena_free(&changing->arena);
}

int changing_begin(struct changing *changing, const struct oci_spec *from,
		   const struct oci_spec *to, struct err *err)
{
	int r = plan_both(changing, from, to, err);

	if (r == 0)
		r = open_run(changing, err);
	if (r == 0)
		compare_all(changing);
	return r;
}
