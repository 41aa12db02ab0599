#include "lib/err.h"
#include "lib/plan.h"
#include "ns/oom.h"
#include "oci/spec.h"

#include <linux/capability.h>

enum { SCORE_MIN = -1000, SCORE_MAX = 1000 }; /* proc_pid_oom_score_adj(5) */

/*
 * proc_pid_oom_score_adj(5): less takes CAP_SYS_RESOURCE on the host. Where engines run as ordinary
 * users they count on it that a runtime then leaves the score as it is.
 */
static bool may_lower(const struct host *host)
{
	return host->initial_userns && host->capabilities & 1ULL << CAP_SYS_RESOURCE;
}

int oom_plan(struct plan *plan, enum step_stage early, const struct oci_process *process,
	     const char *path, struct err *err)
{
	const bool lower = may_lower(plan->host);
	struct oom_step *step;
	long value = process->oom_score_adj.value;

	if (!process->oom_score_adj.set)
		return 0;
	if (value < SCORE_MIN || value > SCORE_MAX)
		return err_plain(err, -EINVAL, "%s.oomScoreAdj: %ld is not from %d to %d", path,
				 value, SCORE_MIN, SCORE_MAX);
	step = plan_step(plan, &oom_kind, lower ? STEP_ATTACH : early, sizeof(*step),
			 plan_origin(plan, "%s.oomScoreAdj", path));
	step->score_adj = (int)value;
	step->at_least = !lower;
	plan->procfs = plan->procfs || step->step.stage == STEP_CLONE;
	return 0;
}
