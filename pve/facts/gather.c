#include "pve/facts/facts.h"

#include "lib/err.h"
#include "lib/explain.h"
#include "lib/file.h"
#include "lib/list.h"
#include "lib/sha1.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/conf/property.h"
#include "pve/facts/cpulist.h"
#include "pve/facts/fs.h"
#include "pve/facts/parts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

const char *facts_origin(const struct gathering *g, const struct pve_entry *entry)
{
	return conf_origin(g->arena, g->conf, entry);
}

/* "WHAT PATH: " and why, with the line's origin. Return: @r */
static int fail(const struct gathering *g, const struct pve_entry *entry, int r, const char *what,
		const char *path)
{
	err_set(g->err, r, "%s %s", what, path);
	err_origin(g->err, facts_origin(g, entry));
	explain_path(g->err, path);
	return r;
}

void facts_add_name(const struct gathering *g, struct pve_names *names, const char *name,
		    const char *value)
{
	*list_push(g->arena, names) = (struct pve_named){name, value};
}

/* --------------------------------------------------------------------------------- the machine */

static int gather_kernel(const struct gathering *g)
{
	char line[32];
	struct utsname name;

	if (uname(&name) < 0)
		return err_set(g->err, -errno, "read the machine's name");
	g->facts->machine = arena_strdup(g->arena, name.machine);
	if (file_line(AT_FDCWD, "/proc/sys/kernel/cap_last_cap", line, sizeof(line)) < 0 ||
	    parse_u32(line, &g->facts->last_cap) < 0)
		return err_plain(g->err, -EIO, "/proc/sys/kernel/cap_last_cap can't be read");
	g->facts->apparmor = file_line(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", line,
				       sizeof(line)) > 0 &&
			     *line == 'Y';
	return 0;
}

/* apparmor_parser comes with a file for each set of features that it knows. */
static int gather_apparmor(const struct gathering *g)
{
	static const char *const known[] = {"4.0", "3.0"};

	for (size_t i = 0; i < ARRAY_SIZE(known) && !g->facts->apparmor_abi; i++)
		if (access(arena_printf(g->arena, "/etc/apparmor.d/abi/%s", known[i]), R_OK) == 0)
			g->facts->apparmor_abi = known[i];
	return 0;
}

static int gather_resolv_conf(const struct gathering *g)
{
	/* A host without the file has nothing to hand on. */
	(void)file_read(g->arena, AT_FDCWD, "/etc/resolv.conf", 0, &g->facts->resolv_conf, NULL,
			NULL);
	return 0;
}

/* ------------------------------------------------------------------------------- the processors */

/* The ones that containers may have, from the narrowest place that says so. */
static int read_cpus(const struct gathering *g, struct cpulist *list)
{
	static const char *const files[] = {
		"/sys/fs/cgroup/lxc/cpuset.cpus.effective",
		"/sys/fs/cgroup/cpuset.cpus.effective",
		"/sys/devices/system/cpu/online",
	};
	char line[4096];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (file_line(AT_FDCWD, files[i], line, sizeof(line)) > 0 &&
		    cpulist_read(g->arena, line, list) == 0)
			return 0;
	return err_plain(g->err, -EIO, "/sys doesn't say which processors there are");
}

/* Another for each container, to spread them, and always the same: a change of something else
 * doesn't move one that runs. */
static uint32_t choice(const struct gathering *g, size_t index)
{
	const char *text = arena_printf(g->arena, "%s %zu", g->conf->id, index);
	char hex[41];

	sha1_hex(text, strlen(text), hex);
	hex[8] = '\0';
	return (uint32_t)strtoul(hex, NULL, 16);
}

static int gather_cpus(const struct gathering *g)
{
	const struct pve_entry *entry = conf_find(&g->conf->main, "cores");
	struct cpulist list = {};
	unsigned long wanted;
	uint32_t *choices;
	int r;

	if (!entry)
		return 0;
	if (parse_u64(entry->value, &wanted) < 0 || !wanted || wanted > 8192) {
		err_wrong(g->err, "write 1 to 8192", "'%s' is no number of processors (1 to 8192)",
			  entry->value);
		err_origin(g->err, facts_origin(g, entry));
		return -EINVAL;
	}
	r = read_cpus(g, &list);
	if (r < 0)
		return r;
	choices = arena_array(g->arena, wanted, sizeof(*choices));
	for (size_t i = 0; i < wanted; i++)
		choices[i] = choice(g, i);
	cpulist_choose(&list, wanted, choices);
	g->facts->cpus = cpulist_write(g->arena, &list);
	return 0;
}

/* -------------------------------------------------------------------------------------- volumes */

static int find_path(const struct gathering *g, const struct pve_entry *entry, const char *volume,
		     const char **path)
{
	int r;

	if (pve_mount_kind(volume) != PVE_MOUNT_VOLUME) {
		*path = volume;
		return 0;
	}
	if (!g->request->resolve)
		return fail(g, entry, -ENOENT, "nothing knows where", volume);
	r = g->request->resolve(g->request->data, g->arena, volume, path, g->err);
	if (r < 0)
		err_origin(g->err, facts_origin(g, entry));
	return r;
}

/* What else a line could name: a container goes without a mount point, not without a root. */
static void hint_source(const struct gathering *g, const struct pve_entry *entry, const char *path,
			bool absent)
{
	const bool root = strcmp(entry->key, "rootfs") == 0;

	if (absent)
		err_hint(g->err, "create %s on the host, or %s", path,
			 root ? "name where the root file system is" : "remove this mount point");
	else if (root)
		err_hint(g->err, "name the directory that the root file system is in");
	else
		err_hint(g->err,
			 "name a directory; a file can be bound by 'lxc.mount.entry: %s "
			 "TARGET none bind,create=file'",
			 path);
}

/* A bind's source must be a directory that no link leads to: who may write the link would choose
 * what the container sees. */
static int check_bind(const struct gathering *g, const struct pve_entry *entry, const char *path)
{
	struct stat real;
	char *resolved = realpath(path, NULL);
	bool links = resolved && strcmp(resolved, path) != 0;

	free(resolved);
	if (stat(path, &real) < 0) {
		int r = fail(g, entry, -errno, "look at", path);

		hint_source(g, entry, path, true);
		return r;
	}
	if (!S_ISDIR(real.st_mode)) {
		fail(g, entry, -ENOTDIR, "bind", path);
		hint_source(g, entry, path, false);
		return -ENOTDIR;
	}
	if (links) {
		err_plain(g->err, -ELOOP, "symlink encountered at: %s", path);
		err_hint(g->err, "write the path without symbolic links: realpath prints it");
		err_origin(g->err, facts_origin(g, entry));
		return -ELOOP;
	}
	return 0;
}

static int add_volume(const struct gathering *g, const struct pve_entry *entry, const char *path)
{
	struct pve_volume volume = {.key = entry->key, .path = path};
	int r = facts_fs_look(path, &volume);

	if (r < 0) {
		fail(g, entry, r, "look at", path);
		err_hint(g->err, "restore that volume, or remove the line: pct rescan shows which "
				 "volumes there are");
		return r;
	}
	*list_push(g->arena, &g->facts->volumes) = volume;
	return 0;
}

static const char *without_slash(const struct gathering *g, const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return arena_strndup(g->arena, path, length);
}

static int gather_volume(const struct gathering *g, const struct pve_entry *entry,
			 const struct property *table)
{
	struct pve_mount mount = {};
	const char *path = NULL;
	int r;

	if (property_read(g->arena, table, entry->value, &mount, NULL) < 0)
		return 0; /* the translation says so */
	r = find_path(g, entry, mount.volume, &path);
	if (r < 0)
		return r;
	path = without_slash(g, path);
	if (pve_mount_kind(mount.volume) != PVE_MOUNT_BIND)
		return add_volume(g, entry, path);
	if (facts_running_mount(g, path) && access(path, F_OK) < 0) {
		*list_push(g->arena, &g->facts->volumes) =
			(struct pve_volume){entry->key, PVE_VOLUME_DIR, path, NULL};
		return 0;
	}
	r = check_bind(g, entry, path);
	return r < 0 ? r : add_volume(g, entry, path);
}

static int gather_volumes(const struct gathering *g)
{
	const struct pve_entry *entry = conf_find(&g->conf->main, "rootfs");
	int r = entry ? gather_volume(g, entry, pve_rootfs_properties) : 0;

	for (unsigned int i = 0; r == 0 && (entry = conf_indexed(&g->conf->main, "mp", &i)); i++)
		r = gather_volume(g, entry, pve_mp_properties);
	return r;
}

/* -------------------------------------------------------------------------------------- devices */

int facts_add_device(const struct gathering *g, const struct pve_entry *entry, const char *path)
{
	struct pve_device_node node;
	struct stat st;

	if (pve_facts_device(g->facts, path))
		return 0;
	if (stat(path, &st) < 0 && facts_running_device(g, path, &node)) {
		*list_push(g->arena, &g->facts->devices) = node;
		return 0;
	}
	if (stat(path, &st) < 0) {
		int r = fail(g, entry, -errno, "look at", path);

		err_hint(g->err, "load the driver that makes it, or name a device below /dev");
		return r;
	}
	if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)) {
		fail(g, entry, -ENODEV, "pass the device", path);
		err_hint(g->err, "name a device node: ls -l shows c or b before its mode");
		return -ENODEV;
	}
	*list_push(g->arena, &g->facts->devices) = (struct pve_device_node){
		path, S_ISBLK(st.st_mode) ? 'b' : 'c', major(st.st_rdev), minor(st.st_rdev)};
	return 0;
}

static int gather_devices(const struct gathering *g)
{
	const struct pve_entry *entry;
	int r = 0;

	for (unsigned int i = 0; r == 0 && (entry = conf_indexed(&g->conf->main, "dev", &i)); i++) {
		struct pve_dev dev = {};

		if (property_read(g->arena, pve_dev_properties, entry->value, &dev, NULL) == 0 &&
		    dev.path)
			r = facts_add_device(g, entry, dev.path);
	}
	return r;
}

int pve_facts_gather(struct arena *arena, const struct pve_facts_request *request,
		     struct pve_facts *facts, struct err *err)
{
	static int (*const parts[])(const struct gathering *) = {
		gather_kernel,    gather_apparmor,       gather_resolv_conf, gather_cpus,
		facts_gather_net, facts_gather_firewall, gather_volumes,     gather_devices,
		facts_gather_raw, facts_gather_absent,   facts_gather_lxcfs,
	};
	struct pve_facts result = {.bundle = request->bundle};
	const struct gathering g = {arena, request, request->conf, &result, err};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](&g);
	if (r == 0)
		*facts = result;
	return r;
}
