#include "why/layer_rights.h"

#include "lib/own.h"
#include "lib/printable.h"
#include "why/action.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>

/* File systems that a user namespace's root may mount (FS_USERNS_MOUNT), and over which namespace
 * it has to have rights for that. All others are for root of the host. */
static const struct filesystem {
	const char *name;
	int namespace;
	const char *varies; /* from one kernel to the other: how; NULL: it is the same with all */
} user_filesystems[] = {
	{"proc", NAMESPACE_PID, NULL},
	{"sysfs", NAMESPACE_NET, NULL},
	{"mqueue", NAMESPACE_IPC, NULL},
	{"cgroup2", NAMESPACE_CGROUP, NULL},
	{"tmpfs", NAMESPACE_USER, NULL},
	{"ramfs", NAMESPACE_USER, NULL},
	{"devpts", NAMESPACE_USER, NULL},
	{"overlay", NAMESPACE_USER, NULL},
	{"fuse", NAMESPACE_USER, NULL},
	{"binder", NAMESPACE_USER, NULL},
	{"rpc_pipefs", NAMESPACE_NET, NULL},
	{"nfsd", NAMESPACE_NET, NULL},
	{"bpf", NAMESPACE_USER, "since Linux 6.9 root of the host alone may"},
	{"binfmt_misc", NAMESPACE_USER, "before Linux 6.7 root of the host alone might"},
	{"cgroup", NAMESPACE_CGROUP, "a hierarchy that isn't there yet is for the host alone"},
	{"cpuset", NAMESPACE_CGROUP, "a hierarchy that isn't there yet is for the host alone"},
};

static const struct filesystem *filesystem_find(const char *name)
{
	static const struct filesystem others = {.namespace = OVER_HOST};

	for (size_t i = 0; i < ARRAY_SIZE(user_filesystems); i++)
		if (strcmp(user_filesystems[i].name, name) == 0)
			return &user_filesystems[i];
	return &others;
}

/* Root of the host in the host's own namespace may whatever varies. */
static bool is_hosts(const struct subject *subject, const struct filesystem *filesystem)
{
	return rights_over_host(subject, CAP_SYS_ADMIN) &&
	       (filesystem->namespace != NAMESPACE_CGROUP ||
		subject->isolation.namespaces[NAMESPACE_CGROUP].host);
}

void judge_mounting(const struct subject *subject, const struct action *action,
		    struct finding *finding)
{
	const struct filesystem *filesystem = filesystem_find(action->fstype);

	rights_need(subject, finding, CAP_SYS_ADMIN, NAMESPACE_MOUNT, EPERM);
	if (finding->answer == ANSWER_DENIES)
		return;
	if (!subject->around.fstype_known && !subject->around.fstype_loads) {
		finding_set(finding, subject, ANSWER_DENIES, ENODEV,
			    "this kernel has no %s, and no module of the host's is one: "
			    "/proc/filesystems has those that there are",
			    printable(says_arena(subject), action->fstype));
		return;
	}
	if (!subject->around.fstype_known) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "the kernel has no %s yet: it would look for a module",
			    printable(says_arena(subject), action->fstype));
		return;
	}
	rights_need(subject, finding, CAP_SYS_ADMIN, filesystem->namespace, EPERM);
	if (finding->answer == ANSWER_ALLOWS && filesystem->varies &&
	    !is_hosts(subject, filesystem))
		finding_set(finding, subject, ANSWER_UNKNOWN, 0, "%s", filesystem->varies);
	if (finding->answer == ANSWER_ALLOWS && subject->around.fstype_needs_device)
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "CAP_SYS_ADMIN over the whole host; %s needs a device, too",
			    action->fstype);
}
