#include "lib/err.h"
#include "lib/plan.h"
#include "ns/oom.h"
#include "oci/spec.h"

enum { SCORE_MIN = -1000, SCORE_MAX = 1000 }; /* proc_pid_oom_score_adj(5) */

int oom_plan(struct plan *plan, const struct oci_process *process, const char *path,
	     struct err *err)
{
	struct oom_step *step;
	long value = process->oom_score_adj.value;

	if (!process->oom_score_adj.set)
		return 0;
	if (value < SCORE_MIN || value > SCORE_MAX)
		return err_plain(err, -EINVAL, "%s.oomScoreAdj: %ld is not from %d to %d", path,
				 value, SCORE_MIN, SCORE_MAX);
	step = plan_step(plan, &oom_kind, STEP_ATTACH, sizeof(*step),
			 plan_origin(plan, "%s.oomScoreAdj", path));
	step->score_adj = (int)value;
	return 0;
}
