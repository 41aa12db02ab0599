#include "pve/lxc/raw_keys.h"

#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

/* Source: the keys that pve-container lets through. Those with a dot at the end stand for all that
 * start with them. */
static const char *const fine[] = {
	"lxc.apparmor.allow_incomplete",
	"lxc.apparmor.allow_nesting",
	"lxc.apparmor.profile",
	"lxc.apparmor.raw",
	"lxc.arch",
	"lxc.autodev",
	"lxc.cap.drop",
	"lxc.cap.keep",
	"lxc.cgroup2.",
	"lxc.console.logfile",
	"lxc.console.path",
	"lxc.devtty.dir",
	"lxc.environment",
	"lxc.environment.hooks",
	"lxc.environment.runtime",
	"lxc.group",
	"lxc.hook.autodev",
	"lxc.hook.clone",
	"lxc.hook.destroy",
	"lxc.hook.mount",
	"lxc.hook.post-stop",
	"lxc.hook.pre-mount",
	"lxc.hook.pre-start",
	"lxc.hook.start",
	"lxc.hook.stop",
	"lxc.hook.version",
	"lxc.idmap",
	"lxc.include",
	"lxc.init.cmd",
	"lxc.init.cwd",
	"lxc.init.gid",
	"lxc.init.groups",
	"lxc.init.uid",
	"lxc.kmsg",
	"lxc.log.file",
	"lxc.log.level",
	"lxc.mount.auto",
	"lxc.mount.entry",
	"lxc.mount.fstab",
	"lxc.net.",
	"lxc.prlimit.",
	"lxc.pty.max",
	"lxc.rootfs.mount",
	"lxc.seccomp.notify.cookie",
	"lxc.seccomp.notify.proxy",
	"lxc.seccomp.profile",
	"lxc.selinux.context",
	"lxc.signal.halt",
	"lxc.signal.reboot",
	"lxc.signal.stop",
	"lxc.start.auto",
	"lxc.start.delay",
	"lxc.start.order",
	"lxc.sysctl.fs.mqueue",
	"lxc.sysctl.kernel.msgmax",
	"lxc.sysctl.kernel.msgmnb",
	"lxc.sysctl.kernel.msgmni",
	"lxc.sysctl.kernel.sem",
	"lxc.sysctl.kernel.shm_rmid_forced",
	"lxc.sysctl.kernel.shmall",
	"lxc.sysctl.kernel.shmmax",
	"lxc.sysctl.kernel.shmmni",
	"lxc.tty.max",
	"lxc.uts.name",
};

#define RENAMED(name) RAW_DEPRECATED, "is deprecated and was renamed to " name

static const struct {
	const char *key;
	enum raw_verdict verdict;
	const char *why;
} special[] = {
	{"lxc.rootfs.path", RAW_REFUSED, "auto generated from rootfs"},
	{"lxc.rootfs.options", RAW_REFUSED, "not supported, use the mount options of rootfs"},
	{"lxc.cgroup.", RAW_DEPRECATED, "is deprecated, this will be a hard error in the future!"},
	{"lxc.limit.", RAW_DEPRECATED, "was renamed to lxc.prlimit.*"},
	{"lxc.aa_allow_incomplete", RENAMED("lxc.apparmor.allow_incomplete")},
	{"lxc.aa_profile", RENAMED("lxc.apparmor.profile")},
	{"lxc.console", RENAMED("lxc.console.path")},
	{"lxc.devttydir", RENAMED("lxc.tty.dir")},
	{"lxc.haltsignal", RENAMED("lxc.signal.halt")},
	{"lxc.id_map", RENAMED("lxc.idmap")},
	{"lxc.init_cmd", RENAMED("lxc.init.cmd")},
	{"lxc.logfile", RENAMED("lxc.log.file")},
	{"lxc.loglevel", RENAMED("lxc.log.level")},
	{"lxc.mount", RENAMED("lxc.mount.fstab")},
	{"lxc.network.flags", RENAMED("lxc.net.INDEX.flags")},
	{"lxc.network.hwaddr", RENAMED("lxc.net.INDEX.hwaddr")},
	{"lxc.network.ipv4", RENAMED("lxc.net.INDEX.ipv4.address")},
	{"lxc.network.ipv4.gateway", RENAMED("lxc.net.INDEX.ipv4.gateway")},
	{"lxc.network.ipv6", RENAMED("lxc.net.INDEX.ipv6.address")},
	{"lxc.network.ipv6.gateway", RENAMED("lxc.net.INDEX.ipv6.gateway")},
	{"lxc.network.link", RENAMED("lxc.net.INDEX.link")},
	{"lxc.network.mtu", RENAMED("lxc.net.INDEX.mtu")},
	{"lxc.network.name", RENAMED("lxc.net.INDEX.name")},
	{"lxc.network.script.down", RENAMED("lxc.net.INDEX.script.down")},
	{"lxc.network.script.up", RENAMED("lxc.net.INDEX.script.up")},
	{"lxc.network.type", RENAMED("lxc.net.INDEX.type")},
	{"lxc.pts", RENAMED("lxc.pty.max")},
	{"lxc.rebootsignal", RENAMED("lxc.signal.reboot")},
	{"lxc.se_context", RENAMED("lxc.selinux.context")},
	{"lxc.seccomp", RENAMED("lxc.seccomp.profile")},
	{"lxc.stopsignal", RENAMED("lxc.signal.stop")},
	{"lxc.tty", RENAMED("lxc.tty.max")},
	{"lxc.utsname", RENAMED("lxc.uts.name")},
};

/* Does @key stand for @row: the same, or with something behind a row's last dot? */
static bool matches(const char *row, const char *key)
{
	if (ends_with(row, "."))
		return starts_with(key, row) && key[strlen(row)];
	return strcmp(row, key) == 0;
}

enum raw_verdict raw_key_check(const char *key, const char **why)
{
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++)
		if (matches(fine[i], key))
			return RAW_FINE;
	for (size_t i = 0; i < ARRAY_SIZE(special); i++) {
		if (!matches(special[i].key, key))
			continue;
		*why = special[i].why;
		return special[i].verdict;
	}
	return RAW_UNKNOWN;
}
