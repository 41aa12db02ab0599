/*
 * A running container becomes as another spec has it, as far as that goes without a start: its
 * plan is compared with the new one, and what came, went or changed among the live kinds is done.
 */

#include "runtime/container.h"

#include "cgroup/cgroup.h"
#include "lib/err.h"
#include "lib/fault.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "oci/annotations.h"
#include "oci/spec.h"
#include "runtime/change.h"
#include "runtime/live.h"
#include "runtime/missing.h"
#include "runtime/plan.h"
#include "runtime/state.h"

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

/* ---------------------------------------------------------------------------- the two specs */

static void replace_annotation(struct arena *arena, struct oci_spec *spec,
			       const struct oci_spec *from, const char *name)
{
	const char *value = oci_map_find(&from->annotations, name);
	struct oci_map *map = &spec->annotations, copy = {};

	copy.items = arena_array(arena, map->count + 1, sizeof(*copy.items));
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->items[i].name, name) != 0)
			copy.items[copy.count++] = map->items[i];
	if (value) {
		copy.items[copy.count].name = name;
		copy.items[copy.count++].value = value;
	}
	*map = copy;
}

static bool has_mount(const struct oci_spec *spec, const char *destination)
{
	for (size_t i = 0; i < spec->mounts.count; i++)
		if (strcmp(spec->mounts.items[i].destination, destination) == 0)
			return true;
	return false;
}

/* A mount that is there stays until the end: a wish without it is for the next start. */
static bool keeps_mounts(const struct oci_spec *now, const struct oci_spec *wish)
{
	for (size_t i = 0; i < now->mounts.count; i++)
		if (!has_mount(wish, now->mounts.items[i].destination))
			return false;
	return true;
}

/* The container as it will be: of the wish what can be had now, all else as it was. */
static struct oci_spec merged(struct arena *arena, const struct oci_spec *now,
			      const struct oci_spec *wish)
{
	struct oci_spec spec = *now;

	spec.linux.resources = wish->linux.resources;
	replace_annotation(arena, &spec, wish, ANNOTATION_NET);
	replace_annotation(arena, &spec, wish, ANNOTATION_FIREWALL);
	replace_annotation(arena, &spec, wish, ANNOTATION_UNENFORCED);
	if (!keeps_mounts(now, wish))
		return spec;
	spec.mounts = wish->mounts;
	spec.linux.devices = wish->linux.devices;
	replace_annotation(arena, &spec, wish, ANNOTATION_MOUNTS);
	replace_annotation(arena, &spec, wish, ANNOTATION_MOUNT_EXTRAS);
	replace_annotation(arena, &spec, wish, ANNOTATION_DEVICES);
	replace_annotation(arena, &spec, wish, ANNOTATION_ORIGIN);
	return spec;
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

/* ------------------------------------------------------------------------------- doing it */

/* Controllers that only the new limits need. */
static int enable_controllers(const struct changing *changing, struct err *err)
{
	const char *cgroup = changing->record->cgroup;

	step_each (step, &changing->after, STEP_PREPARE)
		if (step->kind == &cgroup_create_kind && cgroup)
			return cgroup_enable(
				changing->host.cgroup_root, cgroup,
				container_of(step, struct cgroup_create_step, step)->needed, err);
	return 0;
}

static int adopt(struct changing *changing, struct err *err)
{
	int r = fault_point("change", err);

	if (r == 0)
		r = record_adopt_spec(changing->state_fd, err);
	if (r < 0)
		changes_take_back(&changing->changes, &changing->run);
	return r;
}

static int perform(struct changing *changing, const struct oci_spec *next, struct err *err)
{
	const struct runtime as_started = {.accept = changing->record->accept,
					   .warn = changing->runtime->warn,
					   .warn_data = changing->runtime->warn_data};
	int r;

	plan_missing_drop(&changing->after, &changing->before); /* the start has said those */
	r = missing_check(&as_started, &changing->after, err);
	if (r == 0)
		r = record_announce_spec(changing->state_fd, next, err);
	if (r < 0)
		return r;
	r = enable_controllers(changing, err);
	if (r == 0)
		r = changes_perform(&changing->changes, &changing->run, err);
	if (r == 0)
		r = adopt(changing, err);
	if (r < 0)
		record_drop_spec(changing->state_fd);
	return r;
}

static int change(const struct runtime *runtime, const struct record *record, int state_fd,
		  const struct oci_spec *wish, struct err *err)
{
	cleanup_(changing_free) struct changing changing;
	struct oci_spec now, next;
	int r;

	changing_init(&changing, runtime, record, state_fd);
	r = record_spec(&changing.arena, state_fd, &now, err);
	if (r < 0)
		return r;
	next = merged(&changing.arena, &now, wish);
	r = changing_begin(&changing, &now, &next, err);
	return r < 0 ? r : perform(&changing, &next, err);
}

/* One that runs, nobody else at work on it, and nothing of it half done. */
static int open_running(const struct runtime *runtime, struct arena *arena, const char *id,
			int *state_fd, struct record *record, struct err *err)
{
	int r = record_load(runtime, arena, id, state_fd, record, err);

	if (r == 0)
		r = record_folder_lock(runtime, id, *state_fd, err);
	if (r == 0)
		r = record_check_running(record, err);
	return r < 0 ? r : change_settle(runtime, record, *state_fd, err);
}

int container_change(const struct runtime *runtime, const char *id, const struct oci_spec *wish,
		     struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r = open_running(runtime, &arena, id, &state_fd, &record, err);

	return r < 0 ? r : change(runtime, &record, state_fd, wish, err);
}

int container_mounts(const struct runtime *runtime, const char *id, const char *source,
		     bool *mounts, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct record record;
	struct oci_spec spec;
	int r = open_running(runtime, &arena, id, &state_fd, &record, err);

	if (r == 0)
		r = record_spec(&arena, state_fd, &spec, err);
	*mounts = false;
	for (size_t i = 0; r == 0 && i < spec.mounts.count && !*mounts; i++)
		*mounts = spec.mounts.items[i].source &&
			  strcmp(spec.mounts.items[i].source, source) == 0;
	return r;
}
