#include "runtime/container.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "runtime/missing.h"
#include "runtime/plan.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

static int look(const struct plan *plan, struct run *run, container_audit_fn *each, void *data,
		struct err *err)
{
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage) {
			struct observation seen = {};
			int r;

			if (!step->kind->observe)
				continue;
			r = step->kind->observe(step, run, &seen, err);
			if (r < 0)
				return r;
			each(data, step, &seen);
		}
	return 0;
}

/* @state_fd: its folder, the caller's */
static int plan_running(const struct runtime *runtime, const char *id, struct oci_spec *spec,
			struct plan *plan, struct record *record, int *state_fd, struct err *err)
{
	struct plan_request request = {.id = id};
	struct runtime made_by = *runtime;
	int r;

	r = record_load(runtime, &plan->arena, id, state_fd, record, err);
	if (r == 0)
		r = record_check_running(record, err);
	if (r < 0)
		return r;
	request.bundle = record->bundle;
	request.no_new_keyring = record->no_new_keyring;
	made_by.cgroup_manager = record->cgroup_manager;
	r = record_spec(&plan->arena, *state_fd, spec, err);
	if (r == 0)
		r = plan_make_here(&made_by, request, spec, plan, err);
	return r;
}

int container_plan_running(const struct runtime *runtime, const char *id, struct oci_spec *spec,
			   struct plan *plan, pid_t *pid, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r = plan_running(runtime, id, spec, plan, &record, &state_fd, err);

	if (r == 0)
		*pid = record.pid;
	return r;
}

int container_audit(const struct runtime *runtime, const char *id, container_audit_fn *each,
		    void *data, struct err *err)
{
	cleanup_(plan_free) struct plan plan = {};
	cleanup_(run_close) struct run run;
	cleanup_close int state_fd = -EBADF;
	struct record record;
	struct oci_spec spec;
	int r;

	run_init(&run);
	r = plan_running(runtime, id, &spec, &plan, &record, &state_fd, err);
	if (r == 0)
		r = run_look(&run, plan.host, record.pid, err);
	if (r < 0)
		return r;
	run.id = id;
	run.state_fd = take_fd(&state_fd);
	(void)record_open_cgroup(&record, O_PATH, &run.cgroup_fd, NULL);
	(void)missing_check(runtime, &plan, NULL); /* says again what was accepted at the start */
	return look(&plan, &run, each, data, err);
}
