#include "why/judge.h"

#include "lib/own.h"
#include "ns/cred.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Files and devices that ask for a capability over the host when they are opened, whatever their
 * mode says; and files that can't be opened at all. */

struct special {
	const char *path; /* of procfs; NULL: a character device */
	unsigned int major, minor;
	unsigned int cap;
};

static const struct special files[] = {
	{"/proc/kmsg", 0, 0, CAP_SYSLOG},
	{"/proc/kcore", 0, 0, CAP_SYS_RAWIO},
	{NULL, 1, 1, CAP_SYS_RAWIO}, /* mem */
	{NULL, 1, 4, CAP_SYS_RAWIO}, /* port */
};

static bool is_it(const struct subject *subject, const struct place *object,
		  const struct special *special)
{
	if (special->path)
		return object->fs == PROC_SUPER_MAGIC && strcmp(object->path, special->path) == 0;
	return S_ISCHR(object->mode) && object->device == makedev(special->major, special->minor) &&
	       subject->around.has_memory_driver;
}

void judge_special(const struct subject *subject, const struct action *action,
		   struct finding *finding)
{
	const struct place *object = object_of(subject);

	if (object && S_ISSOCK(object->mode) && action->kind == ACTION_OPEN)
		finding_set(finding, subject, ANSWER_DENIES, ENXIO,
			    "it is a socket: a program connects to it");
	if (action->kind == ACTION_CONNECT_LOCAL)
		return;
	for (size_t i = 0; object && i < ARRAY_SIZE(files); i++) {
		const unsigned int cap = files[i].cap;

		if (!is_it(subject, object, &files[i]) || rights_over_host(subject, cap))
			continue;
		finding_set(finding, subject, ANSWER_DENIES, EPERM, "to open it takes %s: %s",
			    cap_name(cap), says_capability(subject, cap, "the whole host"));
		finding_fix(finding, subject, "process.capabilities.effective",
			    "%s, without a user namespace", fix_capability(subject, cap));
	}
}
