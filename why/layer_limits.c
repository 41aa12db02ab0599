#include "why/judge.h"

#include "lib/own.h"
#include "why/action.h"
#include "why/subject.h"

#include <errno.h>
#include <string.h>

/* Limits of its cgroup and of those above: how many processes there may be. */

static bool makes_process(const struct action *action)
{
	static const char *const calls[] = {"fork", "vfork", "clone", "clone3"};

	for (size_t i = 0; action->kind == ACTION_SYSCALL && i < ARRAY_SIZE(calls); i++)
		if (strcmp(action->calls[0].name, calls[i]) == 0)
			return true;
	return false;
}

void judge_limits(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct around *around = &subject->around;

	if (!makes_process(action))
		return;
	if (!around->full_cgroup) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "room for more processes");
		return;
	}
	finding_set(finding, subject, ANSWER_DENIES, EAGAIN,
		    "cgroup %s has as many processes as it may: pids.max is %ld",
		    around->full_cgroup, around->pids_max);
	finding_fix(finding, subject, "linux.resources.pids.limit", "a higher limit");
}
