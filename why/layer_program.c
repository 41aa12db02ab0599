#include "why/judge.h"

#include "lib/arena.h"
#include "lib/printable.h"
#include "why/action.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>

/* What a file is, to the kernel that is to execute it: a program for this machine, whose linker is
 * there, or a script, whose interpreter is. */

void judge_program(const struct subject *subject, const struct action *action,
		   struct finding *finding)
{
	struct arena *arena = says_arena(subject);
	const struct lookup *lookup = subject->lookup;
	const struct err *program;

	if (action->kind != ACTION_EXEC || !lookup || lookup->error || !lookup->program.num)
		return;
	program = &lookup->program;
	if (program->num == ENOEXEC && subject->around.has_emulators) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "%s, but binfmt_misc has handlers for some that aren't",
			    printable(arena, program->fact));
		return;
	}
	finding_set(finding, subject, ANSWER_DENIES, program->num, "%s",
		    printable(arena, program->fact));
	finding_fix(finding, subject, NULL, "%s", printable(arena, program->hint));
}
