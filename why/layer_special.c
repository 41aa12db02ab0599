#include "why/judge.h"

#include "lib/own.h"
#include "lib/text.h"
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

/* Files and devices that ask for more when they are opened, whatever their mode says: for a
 * capability, or that nobody writes; and files that can't be opened at all. */

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

/* ------------------------------------------------------------------ that nobody writes */

/* Of /proc/net, those that the kernel opens for whoever gets past their mode; all others ask for
 * the bits of somebody to write. */
static bool opens_for_all(const char *name)
{
	static const char *const names[] = {
		"fib_triestat", "netstat", "psched",   "rt6_stats", "rt_acct",      "rt_cache",
		"snmp",         "snmp6",   "sockstat", "sockstat6", "softnet_stat", "xfrm_stat",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return ends_with(name, "_matches") || ends_with(name, "_targets");
}

/* "/proc/1/net/tcp" -> "tcp" below "net/". Return: NULL: it is elsewhere. */
static const char *name_of_process(const struct place *object, const char *folder)
{
	const char *at = object->path + strlen("/proc/");
	const size_t digits = object->fs == PROC_SUPER_MAGIC && starts_with(object->path, "/proc/")
				      ? strspn(at, "0123456789")
				      : 0;

	return digits > 0 && starts_with(at + digits, folder) ? at + digits + strlen(folder) : NULL;
}

/* kernfs_fop_open(), seq_open_net(): no capability counts for it. */
static bool is_only_read(const struct place *object)
{
	const char *name = name_of_process(object, "/net/");

	if (!S_ISREG(object->mode) || object->mode & 0222)
		return false;
	return object->fs == SYSFS_MAGIC || (name && !strchr(name, '/') && !opens_for_all(name));
}

static void judge_writing(const struct subject *subject, const struct place *object,
			  struct finding *finding)
{
	const char *name = name_of_process(object, "/");

	if (is_only_read(object))
		finding_set(finding, subject, ANSWER_DENIES, EACCES,
			    "the kernel has nothing that could be written there");
	if (!name || strcmp(name, "setgroups") != 0 ||
	    rights_over(subject, CAP_SYS_ADMIN, subject->isolation.namespaces[NAMESPACE_USER].id))
		return;
	finding_set(finding, subject, ANSWER_DENIES, EACCES, "to write to it takes %s: %s",
		    cap_name(CAP_SYS_ADMIN),
		    says_capability(subject, CAP_SYS_ADMIN, "the user namespace"));
	finding_fix(finding, subject, "process.capabilities.effective", "%s",
		    fix_capability(subject, CAP_SYS_ADMIN));
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
	if (object && action->access & ACCESS_WRITE && !action->name)
		judge_writing(subject, object, finding);
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
