#include "why/layer_rights.h"

#include "lib/own.h"
#include "why/action.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* System calls that take a capability, some of them with certain arguments only. */

enum {
	NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET |
			 CLONE_NEWCGROUP | CLONE_NEWUSER
};
enum { SOCKET_TYPE = 0xf };

static const struct rule {
	const char *name;
	unsigned int cap;
	int namespace;
	struct {
		uint64_t mask, value;
	} args[2]; /* what the first ones have to be for that; no mask: anything */
} rules[] = {
	{"reboot", CAP_SYS_BOOT, NAMESPACE_PID, {}},
	{"sethostname", CAP_SYS_ADMIN, NAMESPACE_UTS, {}},
	{"setdomainname", CAP_SYS_ADMIN, NAMESPACE_UTS, {}},
	{"settimeofday", CAP_SYS_TIME, OVER_HOST, {}},
	{"clock_settime", CAP_SYS_TIME, OVER_HOST, {}},
	{"swapon", CAP_SYS_ADMIN, OVER_HOST, {}},
	{"swapoff", CAP_SYS_ADMIN, OVER_HOST, {}},
	{"init_module", CAP_SYS_MODULE, OVER_HOST, {}},
	{"finit_module", CAP_SYS_MODULE, OVER_HOST, {}},
	{"delete_module", CAP_SYS_MODULE, OVER_HOST, {}},
	{"kexec_load", CAP_SYS_BOOT, OVER_HOST, {}},
	{"acct", CAP_SYS_PACCT, OVER_HOST, {}},
	{"iopl", CAP_SYS_RAWIO, OVER_HOST, {}},
	{"ioperm", CAP_SYS_RAWIO, OVER_HOST, {}},
	{"vhangup", CAP_SYS_TTY_CONFIG, OVER_HOST, {}},
	{"chroot", CAP_SYS_CHROOT, NAMESPACE_USER, {}},
	{"setgroups", CAP_SETGID, NAMESPACE_USER, {}},
	{"mount", CAP_SYS_ADMIN, NAMESPACE_MOUNT, {}},
	{"umount2", CAP_SYS_ADMIN, NAMESPACE_MOUNT, {}},
	{"pivot_root", CAP_SYS_ADMIN, NAMESPACE_MOUNT, {}},
	{"move_mount", CAP_SYS_ADMIN, NAMESPACE_MOUNT, {}},
	{"fsopen", CAP_SYS_ADMIN, NAMESPACE_MOUNT, {}},
	{"mknod", CAP_MKNOD, OVER_HOST, {{}, {S_IFMT, S_IFCHR}}},
	{"mknod", CAP_MKNOD, OVER_HOST, {{}, {S_IFMT, S_IFBLK}}},
	{"socket", CAP_NET_RAW, NAMESPACE_NET, {{UINT32_MAX, AF_PACKET}, {}}},
	{"socket", CAP_NET_RAW, NAMESPACE_NET, {{UINT32_MAX, AF_INET}, {SOCKET_TYPE, SOCK_RAW}}},
	{"socket", CAP_NET_RAW, NAMESPACE_NET, {{UINT32_MAX, AF_INET6}, {SOCKET_TYPE, SOCK_RAW}}},
};

static bool fits(const struct rule *rule, const struct action_call *call)
{
	if (strcmp(rule->name, call->name) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(rule->args); i++)
		if ((call->args[i] & rule->args[i].mask) != rule->args[i].value)
			return false;
	return true;
}

/* clone and unshare have the same words for the same things. */
static bool makes_namespaces(const struct action_call *call)
{
	return (strcmp(call->name, "unshare") == 0 || strcmp(call->name, "clone") == 0) &&
	       call->args[0] & NEW_NAMESPACES;
}

void judge_call(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct action_call *call = &action->calls[0];

	if (makes_namespaces(call)) {
		const struct action unsharing = {.kind = ACTION_UNSHARE, .flags = call->args[0]};

		judge_unsharing(subject, &unsharing, finding);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rules) && finding->answer == ANSWER_NONE; i++)
		if (fits(&rules[i], call))
			rights_need(subject, finding, rules[i].cap, rules[i].namespace, EPERM);
}
