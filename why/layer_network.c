#include "why/judge.h"

#include "why/action.h"
#include "why/subject.h"

#include <errno.h>
#include <string.h>

/* What its network namespace makes of an address. */

void judge_network(const struct subject *subject, const struct action *action,
		   struct finding *finding)
{
	int error = -subject->around.address_error;

	if (action->kind == ACTION_BIND && subject->around.port_taken) {
		finding_set(finding, subject, ANSWER_DENIES, EADDRINUSE,
			    "somebody in its network namespace listens there");
	} else if (action->kind == ACTION_CONNECT && error) {
		finding_set(finding, subject, ANSWER_DENIES, error,
			    "from its network namespace: %s", strerror(error));
		finding_fix(finding, subject, "linux.namespaces",
			    "an interface with an address and a route");
	} else if (action->kind == ACTION_CONNECT) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "there is a way; whether somebody answers is another matter");
	}
}
