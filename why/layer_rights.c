#include "why/judge.h"

#include "ns/cred.h"
#include "why/action.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>

/* What takes a capability over a namespace or over the host, or one's own id. */

enum { HOST = -1 };

static const char *const owned[] = {
	[NAMESPACE_USER] = "the user namespace",     [NAMESPACE_MOUNT] = "the mount namespace",
	[NAMESPACE_PID] = "the pid namespace",       [NAMESPACE_NET] = "the network namespace",
	[NAMESPACE_IPC] = "the ipc namespace",       [NAMESPACE_UTS] = "the uts namespace",
	[NAMESPACE_CGROUP] = "the cgroup namespace",
};

/* Takes @cap over what belongs to the owner of @namespace, or over the host. */
static void need(const struct subject *subject, struct finding *finding, unsigned int cap,
		 int namespace, int error)
{
	const struct isolation *isolation = &subject->isolation;
	const char *over = namespace == HOST ? "the whole host" : owned[namespace];
	bool has = namespace == HOST
			   ? rights_over_host(subject, cap)
			   : rights_over(subject, cap,
					 namespace == NAMESPACE_USER
						 ? isolation->namespaces[namespace].id
						 : isolation->namespaces[namespace].owner);

	if (has) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "%s over %s", cap_name(cap), over);
		return;
	}
	finding_set(finding, subject, ANSWER_DENIES, error, "%s",
		    says_capability(subject, cap, over));
	if (isolation_capable(isolation, cap) && namespace == HOST)
		finding_fix(finding, subject, "linux.uidMappings[0]",
			    "do it on the host, or a container without a user namespace");
	else if (isolation_capable(isolation, cap))
		finding_fix(finding, subject, "linux.namespaces", "%s of its own", over);
	else
		finding_fix(finding, subject, "process.capabilities.effective",
			    "%s in process.capabilities", cap_name(cap));
}

/* ------------------------------------------------------------------ mount */

/* File systems that a user namespace's root may mount (FS_USERNS_MOUNT), and over which namespace
 * it has to have rights for that. All others are for root of the host. */
static const struct {
	const char *name;
	int namespace;
} user_filesystems[] = {
	{"proc", NAMESPACE_PID},      {"sysfs", NAMESPACE_NET},      {"mqueue", NAMESPACE_IPC},
	{"cgroup", NAMESPACE_CGROUP}, {"cgroup2", NAMESPACE_CGROUP}, {"tmpfs", NAMESPACE_USER},
	{"ramfs", NAMESPACE_USER},    {"devpts", NAMESPACE_USER},    {"overlay", NAMESPACE_USER},
	{"fuse", NAMESPACE_USER},     {"bpf", NAMESPACE_USER},       {"binder", NAMESPACE_USER},
};

static int filesystem_owner(const char *name)
{
	for (size_t i = 0; i < sizeof(user_filesystems) / sizeof(user_filesystems[0]); i++)
		if (strcmp(user_filesystems[i].name, name) == 0)
			return user_filesystems[i].namespace;
	return HOST;
}

static void judge_mounting(const struct subject *subject, const struct action *action,
			   struct finding *finding)
{
	need(subject, finding, CAP_SYS_ADMIN, NAMESPACE_MOUNT, EPERM);
	if (finding->answer == ANSWER_DENIES)
		return;
	if (!subject->around.fstype_known) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "the kernel has no %s yet: it would look for a module", action->fstype);
		return;
	}
	need(subject, finding, CAP_SYS_ADMIN, filesystem_owner(action->fstype), EPERM);
	if (finding->answer == ANSWER_ALLOWS && subject->around.fstype_needs_device)
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "CAP_SYS_ADMIN over the whole host; %s needs a device, too",
			    action->fstype);
}

/* ------------------------------------------------------------------ unshare, bind, kill */

/* A new user namespace is for everybody, and whoever makes one has all rights in it. */
static void judge_unsharing(const struct subject *subject, const struct action *action,
			    struct finding *finding)
{
	if (!(action->flags & CLONE_NEWUSER)) {
		need(subject, finding, CAP_SYS_ADMIN, NAMESPACE_USER, EPERM);
		return;
	}
	finding_set(finding, subject, ANSWER_ALLOWS, 0, "user namespaces take no capability");
	if (subject->isolation.chrooted) {
		finding_set(finding, subject, ANSWER_DENIES, EPERM,
			    "its root is one of chroot(2): no user namespace is made there");
		finding_fix(finding, subject, "root", "a root by pivot_root, without --no-pivot");
	}
}

static void judge_binding(const struct subject *subject, const struct action *action,
			  struct finding *finding)
{
	unsigned int port = ntohs(((const struct sockaddr_in *)&action->address)->sin_port);
	long first = subject->around.first_port;

	if ((long)port >= first) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "ports from %ld on are for everybody", first);
		return;
	}
	need(subject, finding, CAP_NET_BIND_SERVICE, NAMESPACE_NET, EACCES);
	if (finding->answer == ANSWER_DENIES &&
	    !isolation_capable(&subject->isolation, CAP_NET_BIND_SERVICE))
		finding_fix(finding, subject, "process.capabilities.effective",
			    "CAP_NET_BIND_SERVICE, or sysctl "
			    "net.ipv4.ip_unprivileged_port_start=%u",
			    port);
}

static bool is_same_person(const struct subject *subject)
{
	const uint32_t *uid = subject->isolation.creds.uid;
	const struct signalled *whom = &subject->signalled;

	return uid[0] == whom->uid || uid[0] == whom->saved_uid || uid[1] == whom->uid ||
	       uid[1] == whom->saved_uid;
}

static void judge_killing(const struct subject *subject, const struct action *action,
			  struct finding *finding)
{
	const struct signalled *whom = &subject->signalled;

	if (!whom->found) {
		finding_set(finding, subject, ANSWER_DENIES, ESRCH,
			    "its pid namespace has no process %d", (int)action->target);
		return;
	}
	if (is_same_person(subject) || rights_over(subject, CAP_KILL, whom->userns)) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "%s",
			    is_same_person(subject) ? "it has the same uid" : "CAP_KILL");
		return;
	}
	finding_set(finding, subject, ANSWER_DENIES, EPERM,
		    "process %d has another uid, and CAP_KILL doesn't count for it",
		    (int)action->target);
	finding_fix(finding, subject, "process.capabilities.effective",
		    "CAP_KILL in process.capabilities");
}

/* ------------------------------------------------------------------ other system calls */

static const struct {
	const char *name;
	unsigned int cap;
	int namespace;
} calls[] = {
	{"reboot", CAP_SYS_BOOT, NAMESPACE_PID},
	{"sethostname", CAP_SYS_ADMIN, NAMESPACE_UTS},
	{"setdomainname", CAP_SYS_ADMIN, NAMESPACE_UTS},
	{"settimeofday", CAP_SYS_TIME, HOST},
	{"clock_settime", CAP_SYS_TIME, HOST},
	{"swapon", CAP_SYS_ADMIN, HOST},
	{"swapoff", CAP_SYS_ADMIN, HOST},
	{"init_module", CAP_SYS_MODULE, HOST},
	{"finit_module", CAP_SYS_MODULE, HOST},
	{"delete_module", CAP_SYS_MODULE, HOST},
	{"kexec_load", CAP_SYS_BOOT, HOST},
	{"acct", CAP_SYS_PACCT, HOST},
	{"iopl", CAP_SYS_RAWIO, HOST},
	{"ioperm", CAP_SYS_RAWIO, HOST},
	{"vhangup", CAP_SYS_TTY_CONFIG, HOST},
	{"chroot", CAP_SYS_CHROOT, NAMESPACE_USER},
	{"mount", CAP_SYS_ADMIN, NAMESPACE_MOUNT},
	{"umount2", CAP_SYS_ADMIN, NAMESPACE_MOUNT},
	{"pivot_root", CAP_SYS_ADMIN, NAMESPACE_MOUNT},
	{"move_mount", CAP_SYS_ADMIN, NAMESPACE_MOUNT},
	{"fsopen", CAP_SYS_ADMIN, NAMESPACE_MOUNT},
};

static void judge_call(const struct subject *subject, const struct action *action,
		       struct finding *finding)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, action->calls[0].name) == 0)
			need(subject, finding, calls[i].cap, calls[i].namespace, EPERM);
}

void judge_rights(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	static judge_fn *const by_kind[] = {
		[ACTION_MOUNT] = judge_mounting, [ACTION_UNSHARE] = judge_unsharing,
		[ACTION_BIND] = judge_binding,   [ACTION_KILL] = judge_killing,
		[ACTION_SYSCALL] = judge_call,
	};

	if ((size_t)action->kind < sizeof(by_kind) / sizeof(by_kind[0]) && by_kind[action->kind])
		by_kind[action->kind](subject, action, finding);
}
