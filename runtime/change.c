/*
 * A running container becomes as another spec has it, as far as that goes without a start: its
 * plan is compared with the new one, and what came, went or changed among the live kinds is done.
 */

#include "runtime/container.h"

#include "cgroup/cgroup.h"
#include "lib/err.h"
#include "lib/fault.h"
#include "lib/plan.h"
#include "oci/annotations.h"
#include "oci/spec.h"
#include "runtime/change.h"
#include "runtime/missing.h"
#include "runtime/state.h"

#include <string.h>

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
