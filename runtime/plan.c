#include "runtime/plan.h"

#include "cgroup/cgroup.h"
#include "cgroup/rdt.h"
#include "cgroup/scope.h"
#include "lib/err.h"
#include "lib/json.h"
#include "net/device.h"
#include "net/firewall.h"
#include "net/net.h"
#include "ns/cred.h"
#include "ns/dev.h"
#include "ns/execve.h"
#include "ns/idmap.h"
#include "ns/keyring.h"
#include "ns/lsm.h"
#include "ns/mask.h"
#include "ns/mempolicy.h"
#include "ns/mount.h"
#include "ns/namespaces.h"
#include "ns/oom.h"
#include "ns/personality.h"
#include "ns/rlimit.h"
#include "ns/root.h"
#include "ns/sched.h"
#include "ns/stdio.h"
#include "ns/sysctl.h"
#include "ns/tty.h"
#include "ns/uts.h"
#include "oci/annotations.h"
#include "runtime/unenforced.h"
#include "seccomp/filter.h"

#include <string.h>

/* Which spec path came from which config line, where the bundle was translated. */
static void read_origins(struct plan *plan, const struct oci_spec *spec)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_ORIGIN);

	if (text) /* only words for people: a broken one is as good as none */
		(void)json_read(&plan->arena, ANNOTATION_ORIGIN, text, strlen(text), &plan->origins,
				NULL);
}

bool plan_keeps_groups(const struct oci_spec *spec)
{
	const char *keep = oci_map_find(&spec->annotations, ANNOTATION_KEEP_GROUPS);

	return keep && strcmp(keep, "1") == 0;
}

/*
 * The rights go in the order in which they are needed: a filter without no_new_privs has to be
 * loaded while CAP_SYS_ADMIN is there, one with it is the very last.
 */
static int plan_program(struct plan *plan, const struct oci_spec *spec,
			const struct oci_process *process, const struct plan_request *request,
			const char *status, struct err *err)
{
	const struct filter_container container = {request->id, request->bundle, status};
	int r;

	r = mempolicy_plan(plan, spec, err);
	if (r < 0)
		return r;
	personality_plan(plan, spec);
	if (!request->no_new_keyring)
		keyring_plan(plan, request->id, process->selinux_label);
	lsm_plan(plan, spec, process, "process");
	cap_warnings_plan(plan, spec, process, "process");
	r = rlimit_plan(plan, spec, process, "process", err);
	if (r == 0)
		r = cap_bound_plan(plan, process, "process", err);
	if (r == 0 && !process->no_new_privileges)
		r = filter_plan(plan, spec, false, &container, err);
	if (r == 0)
		r = user_plan(plan, process, plan_keeps_groups(spec), "process", err);
	if (r == 0)
		r = nnp_plan(plan, process, "process", err);
	if (r == 0 && process->no_new_privileges)
		r = filter_plan(plan, spec, true, &container, err);
	execve_plan(plan, process, "process");
	return r;
}

static int plan_root(struct plan *plan, const struct oci_spec *spec,
		     const struct plan_request *request, struct err *err)
{
	int r;

	r = root_plan(plan, spec, request->bundle, request->no_pivot, err);
	if (r == 0)
		r = mount_plan(plan, spec, request->bundle, err);
	if (r == 0)
		r = tty_plan(plan, spec, err);
	if (r == 0)
		r = dev_plan(plan, spec, err);
	if (r == 0)
		r = mask_plan(plan, spec, err);
	if (r == 0)
		r = root_pivot_plan(plan, spec, request->bundle, request->no_pivot, err);
	return r;
}

/* Who makes the container's cgroup; the first is the default. */
static const struct manager {
	const char *name;
	int (*plan)(struct plan *plan, const struct oci_spec *spec, const char *id,
		    struct err *err); /* NULL: nobody */
} managers[] = {
	{"cgroupfs", cgroup_plan},
	{"systemd", scope_plan},
	{"disabled", NULL},
};

static int find_manager(const char *name, const struct manager **manager, struct err *err)
{
	*manager = &managers[0];
	for (size_t i = 0; name && i < ARRAY_SIZE(managers); i++)
		if (strcmp(managers[i].name, name) == 0)
			*manager = &managers[i];
	if (!name || strcmp((*manager)->name, name) == 0)
		return 0;
	return err_plain(err, -EINVAL,
			 "cgroup manager: '%s' is none of cgroupfs, systemd, disabled", name);
}

int plan_check_manager(const char *name, struct err *err)
{
	const struct manager *manager;

	return find_manager(name, &manager, err);
}

int plan_make(struct plan *plan, const struct oci_spec *spec, const struct host *host,
	      const struct plan_request *request, struct err *err)
{
	const struct manager *manager;
	int r;

	plan->host = host;
	read_origins(plan, spec);
	r = find_manager(request->cgroup_manager, &manager, err);
	if (r == 0)
		r = unenforced_plan(plan, spec, err);
	if (r == 0)
		r = lsm_profile_plan(plan, spec, err);
	if (r == 0)
		r = namespaces_plan(plan, spec, err);
	if (r == 0)
		r = idmap_plan(plan, spec, err);
	if (r == 0 && manager->plan)
		r = manager->plan(plan, spec, request->id, err);
	if (r == 0)
		r = rdt_plan(plan, spec, request->id, err);
	if (r == 0)
		r = uts_plan(plan, spec, err);
	if (r == 0)
		r = sysctl_plan(plan, spec, err);
	if (r == 0)
		r = firewall_plan(plan, spec, err);
	if (r == 0)
		r = net_plan(plan, spec, err);
	if (r == 0)
		r = device_plan(plan, spec, err);
	if (r == 0)
		r = plan_root(plan, spec, request, err);
	if (r == 0 && spec->process && !spec->process->terminal)
		stdio_plan(plan, STEP_INSIDE, spec->process, "process");
	if (r == 0 && spec->process)
		r = oom_plan(plan, STEP_MAP, spec->process, "process", err);
	if (r == 0 && spec->process)
		r = sched_plan(plan, spec->process, "process", err);
	sched_cpus_plan(plan, spec);
	if (r == 0 && spec->process)
		r = plan_program(plan, spec, spec->process, request, "creating", err);
	return r;
}

static int plan_process(struct plan *plan, const struct oci_spec *spec,
			const struct oci_process *process, const struct plan_request *request,
			struct err *err)
{
	int r;

	if (!process->terminal)
		stdio_plan(plan, STEP_EXEC, process, "process");
	r = rdt_exec_plan(plan, spec, request->id, err);
	if (r == 0)
		r = oom_plan(plan, STEP_CLONE, process, "process", err);
	if (r == 0)
		r = sched_plan(plan, process, "process", err);
	sched_cpus_plan(plan, spec);
	if (r == 0)
		r = sched_affinity_plan(plan, process, "process", err);
	return r < 0 ? r : plan_program(plan, spec, process, request, "running", err);
}

/* What the container's own program goes without was accepted when it was made. */
static void drop_accepted(struct plan *plan, const struct oci_spec *spec,
			  const struct plan_request *request)
{
	cleanup_(plan_free) struct plan own = {.host = plan->host};

	if (plan->missing && spec->process &&
	    plan_process(&own, spec, spec->process, request, NULL) == 0)
		plan_missing_drop(plan, &own);
}

int plan_make_exec(struct plan *plan, const struct oci_spec *spec,
		   const struct oci_process *process, const struct host *host,
		   const struct plan_request *request, struct err *err)
{
	int r;

	plan->host = host;
	read_origins(plan, spec);
	r = plan_process(plan, spec, process, request, err);
	if (r == 0)
		drop_accepted(plan, spec, request);
	return r;
}
