#include "runtime/container.h"

#include "cgroup/limits.h"
#include "cgroup/scope.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "oci/spec.h"
#include "runtime/missing.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <string.h>

/*
 * One file of the cgroup may be made from two members: who changes one of them changes the file,
 * and the other is needed for it.
 */
static void add_partners(const struct oci_resources *merged, struct oci_resources *changes)
{
	if (changes->memory.limit.set || changes->memory.swap.set) {
		changes->memory.limit = merged->memory.limit;
		changes->memory.swap = merged->memory.swap;
	}
	if (changes->cpu.quota.set || changes->cpu.period.set) {
		changes->cpu.quota = merged->cpu.quota;
		changes->cpu.period = merged->cpu.period;
	}
	if (changes->cpu.shares.set || changes->cpu.idle.set) {
		changes->cpu.shares = merged->cpu.shares;
		changes->cpu.idle = merged->cpu.idle;
	}
}

/* The kernel would take the limit and kill until it fits. */
static int check_usage(const struct oci_resources *changes, int cgroup_fd, struct err *err)
{
	const struct opt_i64 *limit = &changes->memory.limit;
	struct cgroup_stat stat;

	if (!changes->memory.check_before_update.value || !limit->set || limit->value <= 0)
		return 0;
	cgroup_stat(cgroup_fd, &stat);
	if (!stat.memory_bytes.set || stat.memory_bytes.value <= (uint64_t)limit->value)
		return 0;
	return err_plain(err, -EBUSY, "rejecting memory limit %ld: %lu are in use", limit->value,
			 stat.memory_bytes.value);
}

/* A container whose limits change. */
struct update {
	const struct runtime *runtime;
	const struct record *record;
	struct plan plan;
	struct host host;
	struct run run;
	struct limit_kept *kept; /* of the limits that have been written, in their order */
	size_t count;
};

static size_t count_steps(const struct plan *plan)
{
	size_t count = 0;

	step_each (step, plan, STEP_PREPARE)
		count++;
	return count;
}

/* The first failure is what the reader wants to know. */
static void take_back(struct update *update)
{
	while (update->count > 0)
		(void)limit_put_back(&update->kept[--update->count], &update->run);
}

static int write_limits(struct update *update, struct err *err)
{
	struct plan *plan = &update->plan;
	int r = 0;

	update->kept = arena_array(&plan->arena, count_steps(plan) + 1, sizeof(*update->kept));
	for (const struct step *step = plan->first[STEP_PREPARE]; r == 0 && step;
	     step = step->next) {
		limit_keep(&plan->arena, step, &update->run, &update->kept[update->count]);
		r = step_apply(step, &update->run, err);
		update->count += r == 0;
	}
	return r;
}

/* systemd rounds what it is told, so the files are written once more, and last. */
static int tell_manager(struct update *update, struct err *err)
{
	const struct step *told = update->plan.first[STEP_ATTACH];
	int r = told ? step_apply(told, &update->run, err) : 0;

	for (const struct step *step = update->plan.first[STEP_PREPARE]; told && r == 0 && step;
	     step = step->next)
		r = step_apply(step, &update->run, err);
	return r;
}

/* systemd's name of a container's cgroup; NULL: it is not systemd's. */
static const char *unit_of(const struct record *record)
{
	if (!record->cgroup_manager || strcmp(record->cgroup_manager, "systemd") != 0)
		return NULL;
	return strrchr(record->cgroup, '/') + 1;
}

static int make_plan(const struct record *record, const struct limits_request *request,
		     const struct oci_resources *changes, uint32_t *needed, struct err *err)
{
	const char *unit = unit_of(record);

	return unit ? scope_update_plan(request, unit, changes, err)
		    : limits_plan(request, changes, needed, err);
}

static int plan_limits(struct update *update, const struct oci_resources *changes, struct err *err)
{
	static const struct cgroup_place place;
	const struct limits_request request = {&update->plan, &place};
	uint32_t needed = 0;
	int r;

	update->run.host = update->plan.host = &update->host;
	r = host_probe(&update->plan.arena, &update->host, err);
	if (r == 0)
		r = make_plan(update->record, &request, changes, &needed, err);
	if (r == 0)
		r = missing_check(update->runtime, &update->plan, err);
	return r == 0 && needed ? cgroup_enable(update->host.cgroup_root, update->record->cgroup,
						needed, err)
				: r;
}

static int open_running(const struct record *record, int *cgroup_fd, struct err *err)
{
	int r = record_check_running(record, err);

	return r < 0 ? r : record_open_cgroup(record, O_RDONLY, cgroup_fd, err);
}

/* All of the changes, and on record, or none. */
static int apply(struct update *update, const struct oci_resources *changes, int state_fd,
		 const struct oci_spec *spec, struct err *err)
{
	int r = plan_limits(update, changes, err);

	if (r == 0)
		r = write_limits(update, err);
	if (r == 0)
		r = tell_manager(update, err);
	if (r == 0)
		r = record_save_spec(state_fd, spec, err);
	if (r < 0)
		take_back(update);
	return r;
}

static int change(struct update *update, int state_fd, const struct oci_resources *given,
		  struct err *err)
{
	struct oci_resources changes = *given, merged = {};
	struct oci_spec spec;
	int r;

	r = record_spec(&update->plan.arena, state_fd, &spec, err);
	if (r < 0)
		return r;
	changes.devices.count = 0;
	if (spec.linux.resources)
		merged = *spec.linux.resources;
	oci_resources_merge(&changes, &merged);
	spec.linux.resources = &merged;
	r = oci_resources_check(&merged, err);
	if (r == 0)
		r = check_usage(&merged, update->run.cgroup_fd, err);
	add_partners(&merged, &changes);
	return r < 0 ? r : apply(update, &changes, state_fd, &spec, err);
}

int container_update(const struct runtime *runtime, const char *id,
		     const struct oci_resources *given, const struct json *origins, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	struct update update = {.runtime = runtime, .record = &record};
	int r;

	run_init(&update.run);
	update.plan.origins = origins;
	r = record_load(runtime, &update.plan.arena, id, &state_fd, &record, err);
	if (r == 0)
		r = record_folder_lock(runtime, id, state_fd, err);
	if (r == 0)
		r = open_running(&record, &update.run.cgroup_fd, err);
	if (r == 0)
		r = change(&update, state_fd, given, err);
	run_close(&update.run);
	plan_free(&update.plan);
	return r;
}
