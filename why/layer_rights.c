#include "why/judge.h"

#include "lib/own.h"
#include "ns/cred.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/layer_rights.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>

/* What takes a capability over a namespace or over the host, or one's own id. */

static const char *const owned[] = {
	[NAMESPACE_USER] = "the user namespace",     [NAMESPACE_MOUNT] = "the mount namespace",
	[NAMESPACE_PID] = "the pid namespace",       [NAMESPACE_NET] = "the network namespace",
	[NAMESPACE_IPC] = "the ipc namespace",       [NAMESPACE_UTS] = "the uts namespace",
	[NAMESPACE_CGROUP] = "the cgroup namespace",
};

void rights_need(const struct subject *subject, struct finding *finding, unsigned int cap,
		 int namespace, int error)
{
	const struct isolation *isolation = &subject->isolation;
	const char *over = namespace == OVER_HOST ? "the whole host" : owned[namespace];
	bool has = namespace == OVER_HOST
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
	if (isolation_capable(isolation, cap) && namespace == OVER_HOST)
		finding_fix(finding, subject, "linux.uidMappings[0]",
			    "do it on the host, or a container without a user namespace");
	else if (isolation_capable(isolation, cap))
		finding_fix(finding, subject, "linux.namespaces", "%s of its own", over);
	else
		finding_fix(finding, subject, "process.capabilities.effective", "%s",
			    fix_capability(subject, cap));
}

/* ------------------------------------------------------------------ unshare, bind, kill */

/* Whoever makes a user namespace owns it, by ids that the one above has to have. */
static bool is_nobody(const struct isolation *isolation)
{
	const struct isolation_creds *creds = &isolation->creds;
	uint32_t inside;

	return !isolation->initial_userns &&
	       (!idmap_inside(&isolation->uid_map, creds->uid[1], &inside) ||
		!idmap_inside(&isolation->gid_map, creds->gid[1], &inside));
}

/* A new user namespace is for everybody, and whoever makes one has all rights in it. */
void judge_unsharing(const struct subject *subject, const struct action *action,
		     struct finding *finding)
{
	if (!(action->flags & CLONE_NEWUSER)) {
		rights_need(subject, finding, CAP_SYS_ADMIN, NAMESPACE_USER, EPERM);
		return;
	}
	finding_set(finding, subject, ANSWER_ALLOWS, 0, "user namespaces take no capability");
	if (subject->isolation.chrooted) {
		finding_set(finding, subject, ANSWER_DENIES, EPERM,
			    "its root is one of chroot(2): no user namespace is made there");
		finding_fix(finding, subject, "root", "a root by pivot_root, without --no-pivot");
	} else if (is_nobody(&subject->isolation)) {
		finding_set(finding, subject, ANSWER_DENIES, EPERM,
			    "its user namespace has no number for its own uid or gid");
		finding_fix(finding, subject, "linux.uidMappings", "an id map that has them");
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
	rights_need(subject, finding, CAP_NET_BIND_SERVICE, NAMESPACE_NET, EACCES);
	if (finding->answer == ANSWER_DENIES &&
	    !isolation_capable(&subject->isolation, CAP_NET_BIND_SERVICE))
		finding_fix(finding, subject, "process.capabilities.effective",
			    "CAP_NET_BIND_SERVICE, or sysctl "
			    "net.ipv4.ip_unprivileged_port_start=%u",
			    port);
}

/* ping_init_sock() */
static bool may_by_group(const struct subject *subject)
{
	const struct isolation_creds *creds = &subject->isolation.creds;
	const uint32_t *range = subject->around.ping_groups;
	bool may = creds->gid[1] >= range[0] && creds->gid[1] <= range[1];

	for (size_t i = 0; i < creds->group_count; i++)
		may |= creds->groups[i] >= range[0] && creds->groups[i] <= range[1];
	return subject->around.ping_groups_seen && may;
}

/* ping(8) has a raw socket, or one of echoes alone that is for groups which a sysctl names. */
static void judge_pinging(const struct subject *subject, const struct action *action,
			  struct finding *finding)
{
	if (action->protocol != IPPROTO_ICMP && action->protocol != IPPROTO_ICMPV6)
		return;
	if (action_is_ping(action) && may_by_group(subject)) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "net.ipv4.ping_group_range has a group of its");
		return;
	}
	rights_need(subject, finding, CAP_NET_RAW, NAMESPACE_NET, EPERM);
	if (finding->answer == ANSWER_ALLOWS || !action_is_ping(action))
		return;
	if (subject->around.ping_groups_seen)
		finding_fix(finding, subject, "process.capabilities.effective",
			    "%s, or its group in net.ipv4.ping_group_range", finding->fix);
	else
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "%s: only its group may, if net.ipv4.ping_group_range has it",
			    finding->why);
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
	finding_fix(finding, subject, "process.capabilities.effective", "%s",
		    fix_capability(subject, CAP_KILL));
}

void judge_rights(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	static judge_fn *const by_kind[] = {
		[ACTION_MOUNT] = judge_mounting, [ACTION_UNSHARE] = judge_unsharing,
		[ACTION_BIND] = judge_binding,   [ACTION_KILL] = judge_killing,
		[ACTION_SYSCALL] = judge_call,   [ACTION_CONNECT] = judge_pinging,
	};

	if ((size_t)action->kind < ARRAY_SIZE(by_kind) && by_kind[action->kind])
		by_kind[action->kind](subject, action, finding);
}
