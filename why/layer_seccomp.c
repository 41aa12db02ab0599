#include "why/judge.h"

#include "lib/arena.h"
#include "lib/text.h"
#include "seccomp/calls.h"
#include "seccomp/explain.h"
#include "seccomp/stack.h"
#include "seccomp/verdict.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

/* System call filters: asked first, before the kernel has looked at anything. */

static enum answer answer_of(uint32_t action, int *error)
{
	*error = 0;
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return ANSWER_ALLOWS;
	case SECCOMP_RET_ERRNO:
		*error = (int)(action & SECCOMP_RET_DATA);
		return ANSWER_DENIES;
	case SECCOMP_RET_TRACE: /* nobody traces it */
		*error = ENOSYS;
		return ANSWER_DENIES;
	case SECCOMP_RET_USER_NOTIF:
		return ANSWER_UNKNOWN;
	default:
		*error = KILLED;
		return ANSWER_DENIES;
	}
}

static void say(const struct subject *subject, const struct action_call *call,
		struct finding *finding)
{
	struct arena *arena = (struct arena *)&subject->isolation.arena;
	cleanup_(text_free) struct text words = {};
	struct verdict said = {.arch = call_arches(), .call = call->name, .number = call->number};
	enum answer answer;
	int error;

	memcpy(said.arg, call->args, sizeof(said.arg));
	verdict_of(arena, subject->filters, &said);
	answer = answer_of(said.action, &error);
	if (answer < finding->answer)
		return;
	action_text(said.action, &words);
	finding_set(finding, subject, answer, error, "%s: %s: %s", call->name, text_str(&words),
		    said.why);
	finding->origin = said.origin;
	finding->fix = NULL;
	if (answer == ANSWER_DENIES)
		finding_fix(finding, subject, NULL, "%s",
			    fix_filter(subject, call->name, starts_with(said.why, "rule on ")));
}

void judge_seccomp(const struct subject *subject, const struct action *action,
		   struct finding *finding)
{
	if (!subject->filters) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0, "%s", subject->filters_unseen);
		return;
	}
	if (subject->filters->count == 0) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "no filter");
		return;
	}
	for (size_t i = 0; i < action->call_count && finding->answer != ANSWER_DENIES; i++)
		say(subject, &action->calls[i], finding);
}
