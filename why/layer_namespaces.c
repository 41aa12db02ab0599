#include "why/judge.h"

#include "lib/mountinfo.h"
#include "why/action.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

/* What namespaces forbid beside capabilities: limits on their number, and mounts that would show
 * what is hidden; and signals to the first process of one. */

static void judge_number(const struct subject *subject, struct finding *finding)
{
	if (subject->around.max_userns != 0)
		return;
	finding_set(finding, subject, ANSWER_DENIES, ENOSPC, "user.max_user_namespaces is 0");
	finding_fix(finding, subject, NULL, "sysctl user.max_user_namespaces on the host");
}

static void judge_first(const struct subject *subject, const struct action *action,
			struct finding *finding)
{
	if (!subject->signalled.found || !subject->signalled.first || subject->signalled.handles)
		return;
	if (action->signal == SIGKILL || action->signal == SIGSTOP) {
		finding_set(finding, subject, ANSWER_HIDES, 0,
			    "process 1 is safe from it: from inside it is dropped");
		finding_fix(finding, subject, NULL, "send it from outside, as pctrun kill does");
		return;
	}
	finding_set(finding, subject, ANSWER_HIDES, 0,
		    "process 1 neither has a handler for it nor waits for it: from inside it is "
		    "dropped");
	finding_fix(finding, subject, "process.args", "an init as the first program");
}

void judge_namespaces(const struct subject *subject, const struct action *action,
		      struct finding *finding)
{
	if (action->kind == ACTION_UNSHARE && action->flags & CLONE_NEWUSER)
		judge_number(subject, finding);
	if (action->kind == ACTION_KILL)
		judge_first(subject, action, finding);
}
