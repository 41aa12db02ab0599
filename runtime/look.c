#include "runtime/look.h"

#include "lib/own.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "oci/spec.h"
#include "runtime/container.h"
#include "runtime/plan.h"
#include "runtime/state.h"

int container_spec(const struct runtime *runtime, struct arena *arena, const char *id,
		   struct oci_spec *spec, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r = record_load_running(runtime, arena, id, &state_fd, &record, err);

	return r < 0 ? r : record_spec(arena, state_fd, spec, err);
}

int running_plan(const struct runtime *runtime, const char *id, struct record *record,
		 int *state_fd, struct oci_spec *spec, struct plan *plan, struct err *err)
{
	struct plan_request request = {.id = id};
	struct runtime made_by = *runtime;
	int r;

	r = record_load_running(runtime, &plan->arena, id, state_fd, record, err);
	if (r < 0)
		return r;
	request.bundle = record->bundle;
	request.no_pivot = record->no_pivot;
	request.no_new_keyring = record->no_new_keyring;
	made_by.cgroup_manager = record->cgroup_manager;
	r = record_spec(&plan->arena, *state_fd, spec, err);
	return r < 0 ? r : plan_make_here(&made_by, request, spec, plan, err);
}

int running_look(const struct runtime *runtime, const char *id, struct record *record,
		 struct plan *plan, struct run *run, struct err *err)
{
	struct oci_spec *spec = arena_alloc(&plan->arena, sizeof(*spec));
	int r;

	run_init(run);
	r = running_plan(runtime, id, record, &run->state_fd, spec, plan, err);
	if (r < 0)
		return r;
	const int state_fd = take_fd(&run->state_fd);

	r = run_look(run, plan->host, record->pid, err);
	run->id = id;
	run->state_fd = state_fd;
	return r;
}
