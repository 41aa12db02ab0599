#include "debug/capabilities.h"

#include "ns/cred.h"

#include <linux/capability.h>
#include <stddef.h>

#ifndef CAP_CHECKPOINT_RESTORE
#define CAP_CHECKPOINT_RESTORE 40
#endif

/*
 * "Own" is what the kernel grants by ns_capable(), over what belongs to the process' user namespace
 * and to ids that are mapped there; without it, it asks by capable(): capabilities(7),
 * user_namespaces(7).
 */
const struct capability capabilities[CAPABILITIES] = {
	[CAP_CHOWN] = {"gives files of mapped ids to other mapped ids", "gives any file to anybody",
		       CAPABILITY_USUAL},
	[CAP_DAC_OVERRIDE] = {"reads and writes files of mapped ids whatever their modes",
			      "reads and writes every file that it can name, whatever its mode",
			      CAPABILITY_USUAL},
	[CAP_DAC_READ_SEARCH] =
		{"reads files of mapped ids whatever their modes",
		 "opens any file of a file system that it sees a part of, by handle",
		 CAPABILITY_TAKES_OVER},
	[CAP_FOWNER] = {"changes modes and ACLs of files of mapped ids",
			"changes modes and ACLs of every file that it can name", CAPABILITY_USUAL},
	[CAP_FSETID] = {"keeps set-user-id bits when files of mapped ids are written",
			"keeps set-user-id bits when files are written", CAPABILITY_USUAL},
	[CAP_KILL] = {"signals processes of mapped ids", "signals every process that it can see",
		      CAPABILITY_USUAL},
	[CAP_SETGID] = {"becomes every mapped group", "becomes every group of the host",
			CAPABILITY_USUAL},
	[CAP_SETUID] = {"becomes every mapped user", "becomes every user of the host",
			CAPABILITY_USUAL},
	[CAP_SETPCAP] = {"drops from its bounding set, sets secure bits",
			 "drops from its bounding set, sets secure bits", CAPABILITY_USUAL},
	[CAP_LINUX_IMMUTABLE] = {NULL, "makes files immutable, or changeable again",
				 CAPABILITY_STRONG},
	[CAP_NET_BIND_SERVICE] = {"listens below port 1024 in its network namespace",
				  "listens below port 1024 in its network namespace",
				  CAPABILITY_USUAL},
	[CAP_NET_BROADCAST] = {"nothing: the kernel never asks for it",
			       "nothing: the kernel never asks for it", CAPABILITY_USUAL},
	[CAP_NET_ADMIN] = {"governs its network namespace: addresses, routes, packet filters",
			   "governs its network namespace: addresses, routes, packet filters",
			   CAPABILITY_STRONG},
	[CAP_NET_RAW] = {"sends and sees raw packets in its network namespace",
			 "sends and sees raw packets in its network namespace: may pretend to be "
			 "its neighbours",
			 CAPABILITY_USUAL},
	[CAP_IPC_LOCK] = {"locks System V shared memory of others in its IPC namespace",
			  "locks memory beyond its limit", CAPABILITY_STRONG},
	[CAP_IPC_OWNER] = {"uses System V objects of its IPC namespace whatever their modes",
			   "uses System V objects of its IPC namespace whatever their modes",
			   CAPABILITY_STRONG},
	[CAP_SYS_MODULE] = {NULL, "loads modules into the host's kernel", CAPABILITY_TAKES_OVER},
	[CAP_SYS_RAWIO] = {NULL, "reaches the host's memory and I/O ports", CAPABILITY_TAKES_OVER},
	[CAP_SYS_CHROOT] = {"changes its root, joins mount namespaces",
			    "changes its root, joins mount namespaces", CAPABILITY_USUAL},
	[CAP_SYS_PTRACE] = {"traces processes of its user namespace",
			    "traces and reads every process that it can see", CAPABILITY_STRONG},
	[CAP_SYS_PACCT] = {NULL, "turns process accounting of the host on and off",
			   CAPABILITY_STRONG},
	[CAP_SYS_ADMIN] = {"mounts, makes namespaces, sets the host name, all in its own",
			   "mounts anything, joins the host's namespaces, and much more",
			   CAPABILITY_TAKES_OVER},
	[CAP_SYS_BOOT] = {"reboots its pid namespace, if that is its own",
			  "reboots the host, or starts another kernel on it",
			  CAPABILITY_TAKES_OVER},
	[CAP_SYS_NICE] = {"nothing beyond processes of mapped ids",
			  "gives any process real-time priority and other processors",
			  CAPABILITY_STRONG},
	[CAP_SYS_RESOURCE] = {"changes limits of processes of its user namespace",
			      "raises limits, uses reserved disk space, overrides quotas",
			      CAPABILITY_STRONG},
	[CAP_SYS_TIME] = {"sets the offsets of new time namespaces", "sets the host's clock",
			  CAPABILITY_STRONG},
	[CAP_SYS_TTY_CONFIG] = {NULL, "hangs up and configures the host's terminals",
				CAPABILITY_STRONG},
	[CAP_MKNOD] = {NULL, "makes device nodes: what they open is up to the device filter",
		       CAPABILITY_USUAL},
	[CAP_LEASE] = {NULL, "takes leases on any file", CAPABILITY_STRONG},
	[CAP_AUDIT_WRITE] = {NULL, "writes to the host's audit log", CAPABILITY_USUAL},
	[CAP_AUDIT_CONTROL] = {NULL, "changes and stops the host's auditing", CAPABILITY_STRONG},
	[CAP_SETFCAP] = {"gives files of mapped ids capabilities of its user namespace",
			 "gives files capabilities", CAPABILITY_USUAL},
	[CAP_MAC_OVERRIDE] = {NULL, "overrides Smack", CAPABILITY_STRONG},
	[CAP_MAC_ADMIN] = {"loads AppArmor profiles into its own policy namespace",
			   "replaces the host's AppArmor profiles", CAPABILITY_TAKES_OVER},
	[CAP_SYSLOG] = {NULL, "reads and clears the kernel's messages, sees its addresses",
			CAPABILITY_STRONG},
	[CAP_WAKE_ALARM] = {NULL, "wakes the host from sleep", CAPABILITY_STRONG},
	[CAP_BLOCK_SUSPEND] = {NULL, "keeps the host from sleeping", CAPABILITY_STRONG},
	[CAP_AUDIT_READ] = {NULL, "reads the host's audit log", CAPABILITY_STRONG},
	[CAP_PERFMON] = {NULL, "watches all of the host, its kernel included", CAPABILITY_STRONG},
	[CAP_BPF] = {NULL, "loads BPF programs into the host's kernel", CAPABILITY_STRONG},
	[CAP_CHECKPOINT_RESTORE] = {"chooses pids in its pid namespace",
				    "chooses pids, opens files that processes have mapped",
				    CAPABILITY_STRONG},
};

const char *capability_name(unsigned int number)
{
	return cap_name(number);
}
