#include "runtime/container.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "runtime/look.h"
#include "runtime/missing.h"
#include "runtime/state.h"

#include <fcntl.h>

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

int container_plan_running(const struct runtime *runtime, const char *id, struct oci_spec *spec,
			   struct plan *plan, pid_t *pid, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r = running_plan(runtime, id, &record, &state_fd, spec, plan, err);

	if (r == 0)
		*pid = record.pid;
	return r;
}

int container_audit(const struct runtime *runtime, const char *id, container_audit_fn *each,
		    void *data, struct err *err)
{
	cleanup_(plan_free) struct plan plan = {};
	cleanup_(run_close) struct run run;
	struct record record;
	int r = running_look(runtime, id, &record, &plan, &run, err);

	if (r < 0)
		return r;
	(void)record_open_cgroup(&record, O_PATH, &run.cgroup_fd, NULL);
	(void)missing_check(runtime, &plan, NULL); /* says again what was accepted at the start */
	return look(&plan, &run, each, data, err);
}
