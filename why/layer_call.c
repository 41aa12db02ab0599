#include "why/judge.h"

#include "lib/arena.h"
#include "seccomp/calls.h"
#include "why/action.h"
#include "why/subject.h"

#include <errno.h>

/* The kernel's table of calls: one that isn't in there is ENOSYS. */

void judge_known(const struct subject *subject, const struct action *action,
		 struct finding *finding)
{
	struct arena *arena = (struct arena *)&subject->isolation.arena;
	const uint32_t number = action->calls[0].number;

	if (action->kind != ACTION_SYSCALL)
		return;
	if (call_is_none(number))
		finding_set(finding, subject, ANSWER_DENIES, ENOSYS,
			    "no kernel has a call of number %u", number);
	else if (subject->around.call_absent)
		finding_set(finding, subject, ANSWER_DENIES, ENOSYS,
			    "this kernel was built without %s", action->calls[0].name);
	else if (!call_name(arena, call_arches(), number))
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "no name is known for number %u: ENOSYS, unless the kernel is newer",
			    number);
}
