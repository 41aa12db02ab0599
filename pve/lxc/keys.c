#include "pve/lxc/config.h"

#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

/* Every key that the config's grammar lets through, by its current name. */
static const struct lxc_key keys[] = {
	{"lxc.apparmor.allow_incomplete", LXC_ADVISORY,
	 "a kernel without mount mediation is no reason not to start here"},
	{"lxc.apparmor.", LXC_ACTED},
	{"lxc.selinux.context", LXC_ACTED},
	{"lxc.include", LXC_UNENFORCED, "included files are not read: put their lines here"},
	{"lxc.arch", LXC_ACTED},
	{"lxc.uts.name", LXC_ACTED},
	{"lxc.signal.halt", LXC_ACTED},
	{"lxc.signal.stop", LXC_ACTED},
	{"lxc.signal.reboot", LXC_ADVISORY, "nothing asks init to reboot by signal"},
	{"lxc.init.", LXC_ACTED},
	{"lxc.pty.max", LXC_ACTED},
	{"lxc.console.", LXC_ACTED},
	{"lxc.tty.", LXC_ACTED},
	{"lxc.hook.clone", LXC_ADVISORY, "it does not run with a container"},
	{"lxc.hook.destroy", LXC_ADVISORY, "it does not run with a container"},
	{"lxc.hook.", LXC_ACTED},
	{"lxc.autodev", LXC_ACTED},
	{"lxc.kmsg", LXC_ADVISORY, "LXC has no such key any more"},
	{"lxc.mount.", LXC_ACTED},
	{"lxc.rootfs.mount", LXC_ADVISORY, "the place is the runtime's own"},
	{"lxc.cap.", LXC_ACTED},
	{"lxc.seccomp.profile", LXC_ACTED},
	{"lxc.seccomp.notify.", LXC_UNENFORCED, "system calls are not handed to a proxy"},
	{"lxc.idmap", LXC_ACTED},
	{"lxc.log.", LXC_ADVISORY, "messages go to the caller"},
	{"lxc.start.", LXC_ADVISORY, "use onboot and startup"},
	{"lxc.group", LXC_ADVISORY, "Proxmox has no groups of containers"},
	{"lxc.environment", LXC_ACTED},
	{"lxc.environment.", LXC_ACTED},
	{"lxc.sysctl.", LXC_ACTED},
	{"lxc.prlimit.", LXC_ACTED},
	{"lxc.cgroup2.", LXC_ACTED},
	{"lxc.cgroup.", LXC_UNENFORCED, "cgroup v2 has no such file"},
	{"lxc.net.", LXC_ACTED},
};

static const struct lxc_key unknown = {"", LXC_UNENFORCED, "no such key"};

static bool names_key(const char *entry, const char *name)
{
	return ends_with(entry, ".") ? starts_with(name, entry) : strcmp(name, entry) == 0;
}

const struct lxc_key *lxc_key_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (names_key(keys[i].name, name))
			return &keys[i];
	return &unknown;
}

/* Old names; those that end with a dot stand for all that start with them. */
static const struct renamed {
	const char *old;
	const char *name; /* NULL: gone */
} renamed[] = {
	{"lxc.aa_profile", "lxc.apparmor.profile"},
	{"lxc.aa_allow_incomplete", "lxc.apparmor.allow_incomplete"},
	{"lxc.console", "lxc.console.path"},
	{"lxc.pts", "lxc.pty.max"},
	{"lxc.tty", "lxc.tty.max"},
	{"lxc.utsname", "lxc.uts.name"},
	{"lxc.devttydir", "lxc.tty.dir"},
	{"lxc.devtty.dir", "lxc.tty.dir"},
	{"lxc.haltsignal", "lxc.signal.halt"},
	{"lxc.rebootsignal", "lxc.signal.reboot"},
	{"lxc.stopsignal", "lxc.signal.stop"},
	{"lxc.id_map", "lxc.idmap"},
	{"lxc.init_cmd", "lxc.init.cmd"},
	{"lxc.loglevel", "lxc.log.level"},
	{"lxc.logfile", "lxc.log.file"},
	{"lxc.mount", "lxc.mount.fstab"},
	{"lxc.seccomp", "lxc.seccomp.profile"},
	{"lxc.se_context", "lxc.selinux.context"},
	{"lxc.limit.", "lxc.prlimit."},
	{"lxc.network.", "lxc.net."},
	{"lxc.cgroup.devices.", "lxc.cgroup2.devices."},
	{"lxc.cgroup.cpuset.cpus", "lxc.cgroup2.cpuset.cpus"},
	{"lxc.cgroup.cpuset.mems", "lxc.cgroup2.cpuset.mems"},
	{"lxc.cgroup.memory.limit_in_bytes", "lxc.cgroup2.memory.max"},
	{"lxc.cgroup.pids.max", "lxc.cgroup2.pids.max"},
	{"lxc.cgroup.", NULL},
};

const char *lxc_key_rename(struct arena *arena, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(renamed); i++) {
		const struct renamed *entry = &renamed[i];

		if (!names_key(entry->old, name))
			continue;
		if (!entry->name || !ends_with(entry->old, "."))
			return entry->name;
		return arena_printf(arena, "%s%s", entry->name, name + strlen(entry->old));
	}
	return name;
}
