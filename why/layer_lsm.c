#include "why/judge.h"

#include "lib/arena.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "why/action.h"
#include "why/subject.h"

#include <string.h>

/* AppArmor and SELinux: the kernel doesn't give their rules back, so only the label is known. */

static bool is_unconfined(const char *label)
{
	return !label || starts_with(label, "unconfined") || strcmp(label, "kernel") == 0;
}

void judge_lsm(const struct subject *subject, const struct action *action, struct finding *finding)
{
	struct arena *arena = (struct arena *)&subject->isolation.arena;
	const char *label = subject->isolation.creds.label;

	if (is_unconfined(label)) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "%s",
			    label ? "unconfined" : "none");
		return;
	}
	finding_set(finding, subject, ANSWER_UNKNOWN, 0,
		    "%s has rules that can't be read back: --prove asks them",
		    printable(arena, label));
	finding_fix(finding, subject,
		    strchr(label, ':') ? "process.selinuxLabel" : "process.apparmorProfile",
		    "a rule in that profile");
}
