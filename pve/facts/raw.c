#include "pve/facts/parts.h"

#include "lib/explain.h"
#include "lib/file.h"
#include "lib/text.h"
#include "pve/lxc/config.h"
#include "pve/lxc/mount.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ------------------------------------------------------------------------------------ raw lines */

static int raw_file(const struct gathering *g, const struct pve_entry *entry)
{
	const char *text;
	int r;

	if (!*entry->value || pve_names_find(&g->facts->files, entry->value))
		return 0;
	r = file_read(g->arena, AT_FDCWD, entry->value, 0, &text, NULL, g->err);
	if (r < 0) {
		err_origin(g->err, facts_origin(g, entry));
		explain_path(g->err, entry->value);
		err_hint(g->err, "create it on the host, or remove this line");
		return r;
	}
	facts_add_name(g, &g->facts->files, entry->value, text);
	return 0;
}

static int raw_variable(const struct gathering *g, const struct pve_entry *entry)
{
	const char *value = strchr(entry->value, '=') ? NULL : getenv(entry->value);

	if (value)
		facts_add_name(g, &g->facts->environment, entry->value,
			       arena_strdup(g->arena, value));
	return 0;
}

static int raw_device(const struct gathering *g, const struct pve_entry *entry)
{
	size_t length = strcspn(entry->value, " \t");

	if (*entry->value != '/')
		return 0;
	return facts_add_device(g, entry, arena_strndup(g->arena, entry->value, length));
}

static void note_absent(const struct gathering *g, const char *source)
{
	struct stat st;

	if (*source == '/' && stat(source, &st) < 0 && !pve_names_find(&g->facts->absent, source))
		facts_add_name(g, &g->facts->absent, source, strerrorname_np(errno));
}

static int raw_mount(const struct gathering *g, const struct pve_entry *entry)
{
	struct lxc_mount mount;

	if (lxc_mount_read(g->arena, entry->value, &mount, NULL) == 0)
		note_absent(g, mount.mount.source);
	return 0;
}

/* An address for each, by "lxc.net.0": what the config leaves open is taken from there. */
static int raw_interface(const struct gathering *g, const char *key)
{
	const size_t length = strlen("lxc.net.") + strspn(key + strlen("lxc.net."), "0123456789");
	const char *name = arena_strndup(g->arena, key, length);

	return pve_names_find(&g->facts->hwaddrs, name) ? 0 : facts_add_hwaddr(g, name);
}

static const struct raw_key {
	const char *key;
	int (*gather)(const struct gathering *g, const struct pve_entry *entry);
} raw_keys[] = {
	{"lxc.seccomp.profile", raw_file},
	{"lxc.mount.fstab", raw_file},
	{"lxc.environment", raw_variable},
	{"lxc.environment.hooks", raw_variable},
	{"lxc.cgroup2.devices.allow", raw_device},
	{"lxc.cgroup2.devices.deny", raw_device},
	{"lxc.mount.entry", raw_mount},
};

int facts_gather_raw(const struct gathering *g)
{
	entry_each(entry, &g->conf->main.raw)
	{
		const char *key = lxc_key_rename(g->arena, entry->key);
		int r = key && starts_with(key, "lxc.net.") ? raw_interface(g, key) : 0;

		for (size_t i = 0; r >= 0 && key && i < ARRAY_SIZE(raw_keys); i++)
			if (strcmp(raw_keys[i].key, key) == 0)
				r = raw_keys[i].gather(g, entry);
		if (r < 0)
			return r;
	}
	entry_each(entry, &g->conf->main.env)(void) raw_variable(g, entry);
	return 0;
}

/* What the distributions' own lines mount where it is there: pve/lxc/defaults.c. */
int facts_gather_absent(const struct gathering *g)
{
	static const char *const sources[] = {
		"/sys/fs/fuse/connections", "/sys/kernel/debug",         "/sys/kernel/security",
		"/sys/fs/pstore",           "/sys/firmware/efi/efivars", "/proc/sys/fs/binfmt_misc",
	};

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		note_absent(g, sources[i]);
	return 0;
}

/* ---------------------------------------------------------------------------------------- lxcfs */

/* All of lxcfs' files in a folder, to stand in for the host's of the same name. */
static void add_lxcfs(const struct gathering *g, const char *folder)
{
	const char *own = arena_printf(g->arena, "/var/lib/lxcfs%s", folder);
	DIR *dir = opendir(own);
	struct dirent *file;

	while (dir && (file = readdir(dir))) {
		const char *target = arena_printf(g->arena, "%s/%s", folder, file->d_name);

		if (*file->d_name != '.' && access(target, F_OK) == 0)
			facts_add_name(g, &g->facts->lxcfs, target,
				       arena_printf(g->arena, "%s/%s", own, file->d_name));
	}
	if (dir)
		closedir(dir);
}

int facts_gather_lxcfs(const struct gathering *g)
{
	static const char cpu[] = "/sys/devices/system/cpu";

	add_lxcfs(g, "/proc");
	if (access("/var/lib/lxcfs/sys/devices/system/cpu/uevent", F_OK) == 0)
		facts_add_name(g, &g->facts->lxcfs, cpu,
			       arena_printf(g->arena, "/var/lib/lxcfs%s", cpu));
	else
		add_lxcfs(g, cpu);
	return 0;
}
