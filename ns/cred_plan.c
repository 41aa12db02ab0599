#include "lib/plan.h"
#include "ns/cred.h"
#include "oci/spec.h"

enum { UMASK_DEFAULT = 0022 };

static uint64_t set_of(const struct plan *plan, const struct oci_strings *list)
{
	uint64_t set = 0;

	for (size_t i = 0; i < list->count; i++) {
		int cap = cap_find(list->items[i]);

		if (cap >= 0 && (unsigned int)cap <= plan->host->last_cap)
			set |= 1ULL << cap;
	}
	return set;
}

int cap_bound_plan(struct plan *plan, const struct oci_process *process, const char *path,
		   struct err *err)
{
	const char *origin = plan_origin(plan, "%s.capabilities.bounding", path);
	struct cap_bound_step *step =
		plan_step(plan, &cap_bound_kind, STEP_EXEC, sizeof(*step), origin);

	step->last = plan->host->last_cap;
	step->keep = process->capabilities ? set_of(plan, &process->capabilities->bounding) : 0;
	return 0;
}

int user_plan(struct plan *plan, const struct oci_process *process, bool keep_groups,
	      const char *path, struct err *err)
{
	const struct oci_capabilities *caps = process->capabilities;
	const struct oci_user *user = &process->user;
	struct user_step *step = plan_step(plan, &user_kind, STEP_EXEC, sizeof(*step),
					   plan_origin(plan, "%s.user", path));

	step->uid = user->uid;
	step->gid = user->gid;
	step->umask = user->umask.set ? (mode_t)user->umask.value : UMASK_DEFAULT;
	step->group_count = user->additional_gids.count;
	step->groups = user->additional_gids.items;
	step->keep_groups = keep_groups;
	if (!caps)
		return 0;
	step->permitted = set_of(plan, &caps->permitted);
	step->effective = set_of(plan, &caps->effective) & step->permitted;
	/* The kernel lets nobody inherit what isn't in the bounding set. */
	step->inheritable = set_of(plan, &caps->inheritable) & set_of(plan, &caps->bounding);
	step->ambient = set_of(plan, &caps->ambient) & step->permitted & step->inheritable;
	return 0;
}

int nnp_plan(struct plan *plan, const struct oci_process *process, const char *path,
	     struct err *err)
{
	if (process->no_new_privileges)
		plan_step(plan, &nnp_kind, STEP_EXEC, sizeof(struct step),
			  plan_origin(plan, "%s.noNewPrivileges", path));
	return 0;
}
