#include "lib/err.h"
#include "lib/plan.h"
#include "ns/namespace_types.h"
#include "ns/namespaces.h"
#include "ns/timens.h"
#include "oci/spec.h"

#include <sched.h>
#include <string.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static bool is_new(const struct oci_namespace *namespace)
{
	return !namespace->path || !*namespace->path;
}

static int plan_one(struct plan *plan, const struct oci_spec *spec, size_t index, struct err *err)
{
	const struct oci_namespace *namespace = &spec->linux.namespaces.items[index];
	const char *origin = plan_origin(plan, "linux.namespaces[%zu]", index);
	struct namespace_step *step;

	for (const struct namespace_type *known = namespace_types; known->type; known++) {
		if (strcmp(known->type, namespace->type) != 0)
			continue;
		if (known->flag == CLONE_NEWTIME && !plan->host->time_namespace) {
			plan_missing(plan, "time", origin, "this kernel has no time namespaces");
			return 0;
		}
		step = plan_step(plan, &namespace_kind, STEP_CLONE, sizeof(*step), origin);
		step->type = known->type;
		step->file = known->file;
		step->flag = known->flag;
		step->path = is_new(namespace) ? NULL : namespace->path;
		step->later =
			known->flag == CLONE_NEWTIME && !step->path && timens_plan(plan, spec);
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

uint64_t namespaces_own(const struct oci_spec *spec)
{
	uint64_t own = 0;

	for (const struct namespace_type *known = namespace_types; known->type; known++) {
		const struct oci_namespace *namespace = oci_namespace_find(spec, known->type);

		if (namespace && is_new(namespace))
			own |= known->flag;
	}
	return own & ~(uint64_t)(CLONE_NEWUSER | CLONE_NEWTIME);
}
