#include "runtime/container.h"

#include "cgroup/limits.h"
#include "lib/err.h"
#include "lib/file.h"
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

static int apply(const struct runtime *runtime, const struct record *record,
		 const struct oci_resources *changes, int cgroup_fd, struct err *err)
{
	static const struct cgroup_place place;
	cleanup_(plan_free) struct plan plan = {};
	const struct limits_request request = {&plan, &place};
	cleanup_(run_close) struct run run;
	uint32_t needed = 0;
	struct host host;
	int r;

	run_init(&run);
	run.cgroup_fd = cgroup_fd;
	run.host = plan.host = &host;
	r = host_probe(&plan.arena, &host, err);
	if (r == 0)
		r = limits_plan(&request, changes, &needed, err);
	if (r == 0)
		r = missing_check(runtime, &plan, err);
	if (r == 0 && needed)
		r = cgroup_enable(host.cgroup_root, record->cgroup, needed, err);
	for (const struct step *step = plan.first[STEP_PREPARE]; r == 0 && step; step = step->next)
		r = step_apply(step, &run, err);
	return r;
}

static int save(int state_fd, const struct oci_spec *spec, struct err *err)
{
	cleanup_free char *text = oci_spec_write(spec);

	return file_replace(state_fd, "config.json", text, strlen(text), 0600, false, err);
}

static int open_running(const struct record *record, int *cgroup_fd, struct err *err)
{
	int r = record_check_running(record, err);

	if (r < 0)
		return r;
	if (!record->cgroup)
		return err_plain(err, -ENOTSUP, "container %s has no cgroup", record->id);
	*cgroup_fd = open(record->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *cgroup_fd < 0 ? err_set(err, -errno, "open %s", record->cgroup) : 0;
}

int container_update(const struct runtime *runtime, const char *id,
		     const struct oci_resources *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, cgroup_fd = -EBADF;
	struct oci_resources changes = *given, merged = {};
	struct record record;
	struct oci_spec spec;
	int r;

	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r == 0)
		r = open_running(&record, &cgroup_fd, err);
	if (r == 0)
		r = record_spec(&arena, state_fd, &spec, err);
	if (r < 0)
		return r;
	changes.devices.count = 0;
	if (spec.linux.resources)
		merged = *spec.linux.resources;
	oci_resources_merge(&changes, &merged);
	r = oci_resources_check(&merged, err);
	if (r == 0)
		r = check_usage(&merged, cgroup_fd, err);
	add_partners(&merged, &changes);
	if (r == 0)
		r = apply(runtime, &record, &changes, take_fd(&cgroup_fd), err);
	spec.linux.resources = &merged;
	return r < 0 ? r : save(state_fd, &spec, err);
}
