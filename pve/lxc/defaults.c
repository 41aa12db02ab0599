#include "pve/lxc/defaults.h"

#include "lib/own.h"
#include "pve/lxc/config.h"

#include <string.h>

/* What /usr/share/lxc/config/<ostype>.common.conf and .userns.conf say on a Proxmox host; their
 * device lines for cgroup v1 are left out, as cgroup v2 has never seen them. */

struct line {
	const char *key;
	const char *value;
};

#define END                                                                                        \
	{                                                                                          \
		0                                                                                  \
	}

static const struct line common[] = {
	{"lxc.tty.dir", "lxc"},
	{"lxc.pty.max", "1024"},
	{"lxc.tty.max", "4"},
	{"lxc.cap.drop", "mac_admin mac_override sys_time sys_module sys_rawio"},
	{"lxc.cgroup2.devices.deny", "a"},
	{"lxc.cgroup2.devices.allow", "c *:* m"},
	{"lxc.cgroup2.devices.allow", "b *:* m"},
	{"lxc.cgroup2.devices.allow", "c 1:3 rwm"},
	{"lxc.cgroup2.devices.allow", "c 1:5 rwm"},
	{"lxc.cgroup2.devices.allow", "c 1:7 rwm"},
	{"lxc.cgroup2.devices.allow", "c 5:0 rwm"},
	{"lxc.cgroup2.devices.allow", "c 5:1 rwm"},
	{"lxc.cgroup2.devices.allow", "c 5:2 rwm"},
	{"lxc.cgroup2.devices.allow", "c 1:8 rwm"},
	{"lxc.cgroup2.devices.allow", "c 1:9 rwm"},
	{"lxc.cgroup2.devices.allow", "c 136:* rwm"},
	{"lxc.cgroup2.devices.allow", "c 10:229 rwm"},
	{"lxc.mount.auto", "cgroup:mixed proc:mixed sys:mixed"},
	{"lxc.mount.entry",
	 "/sys/fs/fuse/connections sys/fs/fuse/connections none bind,optional 0 0"},
	END,
};

static const struct line userns[] = {
	{"lxc.cgroup2.devices.deny", ""},
	{"lxc.cgroup2.devices.allow", ""},
	{"lxc.cgroup2.devices.allow", "a"},
	{"lxc.cap.drop", ""},
	{"lxc.cap.keep", ""},
	{"lxc.tty.dir", ""},
	{"lxc.mount.auto", "sys:rw"},
	END,
};

static const struct line none[] = {END};

static const struct line no_tty_dir[] = {{"lxc.tty.dir", ""}, END};

static const struct line alpine[] = {
	{"lxc.tty.dir", ""},
	{"lxc.cap.drop", "audit_write ipc_owner mknod sys_nice sys_pacct sys_rawio sys_resource "
			 "sys_tty_config syslog wake_alarm"},
	{"lxc.mount.entry", "run run tmpfs rw,nodev,relatime,mode=755 0 0"},
	{"lxc.mount.entry",
	 "shm dev/shm tmpfs rw,nodev,noexec,nosuid,relatime,mode=1777,create=dir 0 0"},
	END,
};

static const struct line archlinux[] = {
	{"lxc.tty.max", "6"},
	{"lxc.signal.halt", "SIGRTMIN+4"},
	{"lxc.cap.drop", "setfcap sys_nice sys_pacct sys_rawio"},
	END,
};

static const struct line centos[] = {{"lxc.cap.drop", "sys_nice sys_pacct sys_rawio"}, END};

static const struct line fedora[] = {{"lxc.cap.drop", "setfcap sys_nice sys_pacct sys_rawio"}, END};

static const struct line gentoo[] = {
	{"lxc.tty.dir", ""},
	{"lxc.mount.entry", "shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0"},
	END,
};

static const struct line opensuse[] = {
	{"lxc.tty.dir", ""},
	{"lxc.cap.drop", "sys_nice sys_pacct sys_rawio"},
	END,
};

static const struct line ubuntu[] = {
	{"lxc.mount.entry", "/sys/kernel/debug sys/kernel/debug none bind,optional 0 0"},
	{"lxc.mount.entry", "/sys/kernel/security sys/kernel/security none bind,optional 0 0"},
	{"lxc.mount.entry", "/sys/fs/pstore sys/fs/pstore none bind,optional 0 0"},
	{"lxc.mount.entry", "mqueue dev/mqueue mqueue rw,relatime,create=dir,optional 0 0"},
	END,
};

static const struct line ubuntu_userns[] = {
	{"lxc.mount.entry",
	 "/sys/firmware/efi/efivars sys/firmware/efi/efivars none bind,optional 0 0"},
	{"lxc.mount.entry",
	 "/proc/sys/fs/binfmt_misc proc/sys/fs/binfmt_misc none bind,optional 0 0"},
	END,
};

static const struct distribution {
	const char *ostype;
	const struct line *common;
	const struct line *userns;
} distributions[] = {
	{"alpine", alpine, none},          {"archlinux", archlinux, none},
	{"centos", centos, none},          {"debian", no_tty_dir, none},
	{"devuan", no_tty_dir, none},      {"fedora", fedora, none},
	{"gentoo", gentoo, none},          {"opensuse", opensuse, none},
	{"ubuntu", ubuntu, ubuntu_userns},
};

static void add_lines(struct lxc_config *config, const struct line *line, const char *origin)
{
	for (; line->key; line++)
		lxc_config_add(config, line->key, line->value, origin);
}

void lxc_defaults_add(struct lxc_config *config, const char *ostype, bool with_userns)
{
	const struct distribution *own = &(struct distribution){ostype, none, none};
	const char *origin = arena_printf(config->arena, "Proxmox default: ostype %s", ostype);

	for (size_t i = 0; i < ARRAY_SIZE(distributions); i++)
		if (strcmp(distributions[i].ostype, ostype) == 0)
			own = &distributions[i];
	add_lines(config, common, "Proxmox default");
	add_lines(config, own->common, origin);
	if (!with_userns)
		return;
	add_lines(config, userns, "Proxmox default: unprivileged");
	add_lines(config, own->userns, origin);
}
