#include "lib/err.h"
#include "lib/plan.h"
#include "ns/namespaces.h"
#include "ns/timens.h"
#include "oci/spec.h"

#include <sched.h>
#include <string.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/* config-linux.md, "Namespaces"; namespaces(7). */
static const struct {
	const char *type, *file;
	uint64_t flag;
} types[] = {
	{"user", "user", CLONE_NEWUSER},       {"mount", "mnt", CLONE_NEWNS},
	{"pid", "pid", CLONE_NEWPID},          {"network", "net", CLONE_NEWNET},
	{"ipc", "ipc", CLONE_NEWIPC},          {"uts", "uts", CLONE_NEWUTS},
	{"cgroup", "cgroup", CLONE_NEWCGROUP}, {"time", "time", CLONE_NEWTIME},
};

static int plan_one(struct plan *plan, const struct oci_spec *spec, size_t index, struct err *err)
{
	const struct oci_namespace *namespace = &spec->linux.namespaces.items[index];
	const char *origin = plan_origin(plan, "linux.namespaces[%zu]", index);
	struct namespace_step *step;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(types[i].type, namespace->type) != 0)
			continue;
		if (types[i].flag == CLONE_NEWTIME && !plan->host->time_namespace) {
			plan_missing(plan, "time", origin, "this kernel has no time namespaces");
			return 0;
		}
		step = plan_step(plan, &namespace_kind, STEP_CLONE, sizeof(*step), origin);
		step->type = types[i].type;
		step->file = types[i].file;
		step->flag = types[i].flag;
		step->path = namespace->path && *namespace->path ? namespace->path : NULL;
		step->later =
			types[i].flag == CLONE_NEWTIME && !step->path && timens_plan(plan, spec);
		return 0;
	}
	return err_plain(err, -EINVAL, "linux.namespaces[%zu].type: '%s' is no namespace", index,
			 namespace->type);
}

/* user_namespaces(7): all others take CAP_SYS_ADMIN, which a new user namespace gives. */
static int check_caller(const struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	if (!plan->host->ordinary || oci_namespace_find(spec, "user"))
		return 0;
	err_plain(err, -EPERM,
		  "rootless container requires user namespaces: the caller has no CAP_SYS_ADMIN");
	err_hint(err, "add {\"type\": \"user\"} to linux.namespaces and id mappings, as "
		      "`pctrun spec --rootless` has them");
	return -EPERM;
}

int namespaces_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	int r = check_caller(plan, spec, err);

	for (size_t i = 0; r == 0 && i < spec->linux.namespaces.count; i++)
		r = plan_one(plan, spec, i, err);
	return r;
}
