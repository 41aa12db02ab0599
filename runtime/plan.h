#pragma once

#include "lib/plan.h"
#include "oci/spec.h"

struct err;
struct runtime;

/** struct plan_request - what a plan is made from, beside the host */
struct plan_request {
	const char *id;
	const char *bundle;         /* absolute; relative paths of the spec start here */
	const char *cgroup_manager; /* "cgroupfs", "systemd", "disabled"; NULL: the first */
	bool no_pivot;
	bool no_new_keyring;
};

/** plan_check_manager() - whether there is such a cgroup manager; NULL: the first. */
int plan_check_manager(const char *name, struct err *err);

/**
 * plan_make() - the steps of a container, in order; pure
 * @plan: empty, or used up; plan_free() it, also after an error
 */
int plan_make(struct plan *plan, const struct oci_spec *spec, const struct host *host,
	      const struct plan_request *request, struct err *err);

/** plan_make_here() - the same on this host, which is asked; what it says lives with the plan.
 * @request: its cgroup manager is that of @runtime */
int plan_make_here(const struct runtime *runtime, struct plan_request request,
		   const struct oci_spec *spec, struct plan *plan, struct err *err);

/** plan_make_exec() - the steps of a further process in a running container; pure. What it goes
 * without as the container does is not missing. */
int plan_make_exec(struct plan *plan, const struct oci_spec *spec,
		   const struct oci_process *process, const struct host *host,
		   const struct plan_request *request, struct err *err);

/** plan_keeps_groups() - does the process keep the caller's groups? See ANNOTATION_KEEP_GROUPS. */
bool plan_keeps_groups(const struct oci_spec *spec);
