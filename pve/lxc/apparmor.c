#include "pve/lxc/apparmor.h"

#include "lib/text.h"

#include <string.h>

/* Bits of a block's condition: it is written when all of them hold. */
enum when {
	ALWAYS = 0,
	PRIVILEGED = 1 << 0,
	UNPRIVILEGED = 1 << 1,
	NESTING = 1 << 2,
	NO_NESTING = 1 << 3,
};

/* apparmor.d(5) has the language. A later rule doesn't override an earlier one: deny wins. */
static const struct block {
	enum when when;
	const char *title;
	const char *rules;
} blocks[] = {
	{ALWAYS, "what is no isolation of its own: other steps guard it",
	 "  capability,\n"
	 "  file,\n"
	 "  network,\n"
	 "  dbus,\n"
	 "  umount,\n"
	 "  signal (receive),\n"
	 "  signal (send) peer=@{profile_name},\n"
	 "  ptrace (readby, tracedby),\n"
	 "  ptrace peer=@{profile_name},\n"
	 "  unix (receive),\n"
	 "  unix peer=(label=@{profile_name}),\n"},
	{ALWAYS, "file systems that an init mounts by itself",
	 "  mount fstype=tmpfs,\n"
	 "  mount fstype=hugetlbfs,\n"
	 "  mount fstype=mqueue,\n"
	 "  mount fstype=fuse,\n"
	 "  mount fstype=fuse.*,\n"
	 "  mount fstype=binfmt_misc -> /proc/sys/fs/binfmt_misc/,\n"
	 "  mount fstype=efivarfs -> /sys/firmware/efi/efivars/,\n"
	 "  mount fstype=fusectl -> /sys/fs/fuse/connections/,\n"
	 "  mount fstype=securityfs -> /sys/kernel/security/,\n"
	 "  mount fstype=debugfs -> /sys/kernel/debug/,\n"
	 "  mount fstype=proc -> /proc/,\n"
	 "  mount fstype=sysfs -> /sys/,\n"
	 "  mount fstype=cgroup -> /sys/fs/cgroup/**,\n"
	 "  mount fstype=cgroup2 -> /sys/fs/cgroup/**,\n"},
	{ALWAYS, "propagation of any mount",
	 "  mount options=(rw, make-slave) -> **,\n"
	 "  mount options=(rw, make-rslave) -> **,\n"
	 "  mount options=(rw, make-shared) -> **,\n"
	 "  mount options=(rw, make-rshared) -> **,\n"
	 "  mount options=(rw, make-private) -> **,\n"
	 "  mount options=(rw, make-rprivate) -> **,\n"
	 "  mount options=(rw, make-unbindable) -> **,\n"
	 "  mount options=(rw, make-runbindable) -> **,\n"},
	{ALWAYS, "binds and moves, but for parts of /proc, /sys and /dev",
	 "  mount options=(rw, bind) @{OUTSIDE},\n"
	 "  mount options=(rw, rbind) @{OUTSIDE},\n"
	 "  mount options=(rw, move) @{OUTSIDE},\n"},
	{ALWAYS, "files of the kernel that are the host's",
	 "  deny mount options=(ro, remount) -> /,\n"
	 "  deny /proc/bus/** wklx,\n"
	 "  deny /proc/kcore rwklx,\n"
	 "  deny /proc/sysrq-trigger rwklx,\n"
	 "  deny /proc/acpi/** rwklx,\n"
	 "  deny /proc/sys/fs/[^b]** wklx,\n"
	 "  deny /proc/sys/fs/b[^i]** wklx,\n"
	 "  deny /sys/firmware/efi/efivars/** rwklx,\n"
	 "  deny /sys/kernel/debug/{,**} rwklx,\n"},
	{PRIVILEGED, "handlers of binary formats are one list for all of the host",
	 "  deny /proc/sys/fs/binfmt_misc/** wklx,\n"},
	{NO_NESTING, "settings of the kernel but for those of the container's own namespaces",
	 "  deny /proc/sys/[^fkn]** wklx,\n"
	 "  deny /proc/sys/n[^e]** wklx,\n"
	 "  deny /proc/sys/ne[^t]** wklx,\n"
	 "  deny /proc/sys/kernel/[^dhms]** wklx,\n"
	 "  deny /proc/sys/kernel/d[^o]** wklx,\n"
	 "  deny /proc/sys/kernel/do[^m]** wklx,\n"
	 "  deny /proc/sys/kernel/h[^o]** wklx,\n"
	 "  deny /proc/sys/kernel/ho[^s]** wklx,\n"
	 "  deny /proc/sys/kernel/m[^s]** wklx,\n"
	 "  deny /proc/sys/kernel/ms[^g]** wklx,\n"
	 "  deny /proc/sys/kernel/s[^eh]** wklx,\n"
	 "  deny /proc/sys/kernel/se[^m]** wklx,\n"
	 "  deny /proc/sys/kernel/sh[^m]** wklx,\n"
	 "  deny /sys/[^cdf]** wklx,\n"
	 "  deny /sys/c[^l]** wklx,\n"
	 "  deny /sys/class/[^n]** wklx,\n"
	 "  deny /sys/class/n[^e]** wklx,\n"
	 "  deny /sys/class/ne[^t]** wklx,\n"
	 "  deny /sys/d[^e]** wklx,\n"
	 "  deny /sys/devices/[^v]** wklx,\n"
	 "  deny /sys/devices/v[^i]** wklx,\n"
	 "  deny /sys/devices/virtual/[^n]** wklx,\n"
	 "  deny /sys/devices/virtual/n[^e]** wklx,\n"
	 "  deny /sys/devices/virtual/ne[^t]** wklx,\n"
	 "  deny /sys/f[^s]** wklx,\n"
	 "  deny /sys/fs/[^c]** wklx,\n"
	 "  deny /sys/fs/c[^g]** wklx,\n"
	 "  deny /sys/k*{,/**} rwklx,\n"},
	{NESTING, "a container in the container is set up like this one",
	 "  pivot_root,\n"
	 "  ptrace,\n"
	 "  signal,\n"
	 "  mount,\n"
	 "  deny /dev/.lxc/proc/** rw,\n"
	 "  deny /dev/.lxc/sys/** rw,\n"
	 "  change_profile -> @{profile_name},\n"},
	{UNPRIVILEGED, "the user namespace already keeps the host out of these",
	 "  pivot_root,\n"
	 "  mount fstype=binfmt_misc,\n"
	 "  mount options=(rw, bind),\n"
	 "  mount options=(rw, rbind),\n"
	 "  mount options=(ro, remount),\n"
	 "  mount options=(ro, remount, bind),\n"},
};

/* Remounting a bind read-only takes along the flags that the mount has: all combinations, as the
 * options of a rule have to be those of the call. */
static const char *const remount_flags[] = {"nodev", "nosuid", "noexec", "nosymfollow"};
#define NOSYMFOLLOW_BIT (1U << 3)
static const char *const remount_times[] = {"", ", noatime", ", strictatime"};
/* Everywhere but in /proc, /sys and /dev: they hold what is the host's. */
static const char outside[] = "@{OUTSIDE}=/{[^spd]*,d[^e]*,de[^v]*,p[^r]*,pr[^o]*,pro[^c]*,s[^y]*,"
			      "sy[^s]*,dev?*,proc?*,sys?*}{,/**}\n\n";

static void add_remounts(struct text *text, bool nosymfollow)
{
	unsigned int sets = nosymfollow ? 2 * NOSYMFOLLOW_BIT : NOSYMFOLLOW_BIT;

	text_add(text, "\n  # binds made read-only, with whatever else they are\n");
	for (unsigned int set = 0; set < sets; set++) {
		for (size_t time = 0; time < ARRAY_SIZE(remount_times); time++) {
			text_add(text, "  mount options=(ro, remount, bind");
			for (size_t bit = 0; bit < ARRAY_SIZE(remount_flags); bit++)
				if (set & (1U << bit))
					text_addf(text, ", %s", remount_flags[bit]);
			text_addf(text, "%s) -> @{OUTSIDE},\n", remount_times[time]);
		}
	}
}

bool apparmor_abi_has_v4(const char *abi)
{
	return abi && strcmp(abi, "4") >= 0;
}

static unsigned int holds(const struct apparmor_profile *profile)
{
	return (profile->unprivileged ? UNPRIVILEGED : PRIVILEGED) |
	       (profile->nesting ? NESTING : NO_NESTING);
}

const char *apparmor_profile_write(struct arena *arena, const struct apparmor_profile *profile)
{
	cleanup_(text_free) struct text text = {};

	if (profile->abi)
		text_addf(&text, "abi <abi/%s>,\n\n", profile->abi);
	text_add(&text, outside);
	text_addf(&text, "profile \"%s\" flags=(attach_disconnected,mediate_deleted) {\n",
		  profile->name);
	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		if ((blocks[i].when & holds(profile)) != (unsigned int)blocks[i].when)
			continue;
		text_addf(&text, "%s  # %s\n%s", i ? "\n" : "", blocks[i].title, blocks[i].rules);
	}
	add_remounts(&text, apparmor_abi_has_v4(profile->abi));
	if (profile->raw_count)
		text_add(&text, "\n  # from the configuration\n");
	for (size_t i = 0; i < profile->raw_count; i++)
		text_addf(&text, "  %s\n", profile->raw[i]);
	text_add(&text, "}\n");
	return arena_strdup(arena, text_str(&text));
}
