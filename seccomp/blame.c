#include "seccomp/blame.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "seccomp/calls.h"
#include "seccomp/filter.h"
#include "seccomp/paths.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

static const struct step *find_filter(const struct plan *plan, enum step_stage stage)
{
	step_each (step, plan, stage)
		if (step->kind == &filter_kind)
			return step;
	return NULL;
}

/* A profile of LXC has no other way than to allow what a start needs. */
void filter_blame(const struct plan *plan, struct run *run, struct err *err)
{
	const struct step *filter = find_filter(plan, STEP_EXEC);

	if (err->number || !filter) /* that of the step that said why */
		return;
	err_hint(err,
		 "allow what comes between the filter and the program (sendmsg, prctl, capset, "
		 "setuid, execve, exit_group ...)%s",
		 plan->origins ? ""
			       : ", or set process.noNewPrivileges: then it is loaded right before "
				 "the program");
	step_blame(filter, run, err);
}

bool filter_blame_execve(const struct plan *plan, const struct run *run, struct err *err)
{
	const struct step *filter = find_filter(plan, STEP_EXEC) ?: find_filter(plan, STEP_LAST);
	const struct seccomp_data call = {.nr = SYS_execve, .arch = call_arches()->audit};
	uint32_t action;

	if (!filter || !run->filter)
		return false;
	action = program_run(&(struct program){run->filter->len, run->filter->filter}, &call);
	if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO ||
	    (int)(action & SECCOMP_RET_DATA) != err->num)
		return false;
	err_fact(err, "its seccomp filter answers every execve with that");
	err_hint(err, "allow execve in %s", plan->origins ? "that profile" : "linux.seccomp");
	err_origin(err, filter->origin);
	return true;
}
