#include "why/judge.h"

#include "why/lookup.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>

/* A program that is running: the last but the mount that an open for writing asks. */

void judge_running(const struct subject *subject, const struct action *action,
		   struct finding *finding)
{
	const struct place *object = object_of(subject);
	const struct runner *runner = &subject->runner;

	if (!object || !runner->asked || runner->allowed)
		return;
	if (runner->pid) {
		finding_set(finding, subject, ANSWER_DENIES, ETXTBSY,
			    "it is the program of process %d, as the host numbers it",
			    (int)runner->pid);
		finding_fix(finding, subject, NULL,
			    "write a new file and rename it to this name, or end that process");
	} else if (!runner->all_seen && object->mode & 0111) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "not every process can be seen from here: one may run it");
	}
}
