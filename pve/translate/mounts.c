#include "pve/translate/parts.h"

#include "oci/ext_mounts.h"

#include <string.h>
#include <sys/capability.h>

/* What LXC mounts, in its order: /dev, /proc and /sys, the fstab file, the entries,
 * /sys/fs/cgroup, lxcfs, /dev/pts; then what nested containers need. */

static void add_mount(struct translation *t, const char *origin, const char *type,
		      const char *source, const char *destination, const char *options)
{
	struct oci_mount *mount;

	note_origin(t, origin, "mounts[%zu]", t->spec->mounts.count);
	mount = push(t, &t->spec->mounts);
	mount->type = type;
	mount->source = source;
	mount->destination = destination;
	while (*options) {
		size_t length = strcspn(options, ",");

		*push(t, &mount->options) = arena_strndup(t->arena, options, length);
		options += length + (options[length] == ',');
	}
}

static void add_extras(struct translation *t, const struct oci_strings *words)
{
	json_out_strings(t->extras,
			 arena_printf(t->arena, "mounts[%zu]", t->spec->mounts.count - 1),
			 words->items, words->count);
}

/* ------------------------------------------------------------------------ /dev, /proc and /sys */

static bool has_autodev(const struct translation *t)
{
	return strcmp(lxc_config_value(&t->lxc, "lxc.autodev"), "0") != 0;
}

static const char *auto_origin(const struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.mount.auto");

	return line ? line->origin : "Proxmox default";
}

static int read_automounts(struct translation *t)
{
	lxc_each(line, &t->lxc, "lxc.mount.auto")
	{
		int r = lxc_automount_read(t->arena, line->value, &t->automount, t->err);

		if (r < 0)
			return fail_from(t, r, line->origin);
		if (t->automount.shmounts)
			unenforced(t, "lxc.mount.auto", line->origin, "%s is not acted on",
				   t->automount.shmounts);
		t->automount.shmounts = NULL;
	}
	return 0;
}

static void add_proc(struct translation *t, struct oci_strings *writable)
{
	struct oci_linux *linux_ = &t->spec->linux;

	if (t->automount.proc == LXC_AUTO_NONE)
		return;
	add_mount(t, auto_origin(t), "proc", "proc", "/proc", "nosuid,nodev,noexec");
	if (t->automount.proc != LXC_AUTO_MIXED)
		return;
	note_origin(t, auto_origin(t), "linux.readonlyPaths");
	*push(t, &linux_->readonly_paths) = "/proc/sys";
	*push(t, &linux_->readonly_paths) = "/proc/sysrq-trigger";
	if (t->capabilities & (1ULL << CAP_NET_ADMIN))
		*push(t, writable) = "/proc/sys/net";
}

static void add_sys(struct translation *t, struct oci_strings *writable)
{
	static const char *const options[] = {
		[LXC_AUTO_MIXED] = "ro,nosuid,nodev,noexec",
		[LXC_AUTO_RO] = "ro",
		[LXC_AUTO_RW] = "rw",
	};

	if (t->automount.sys == LXC_AUTO_NONE)
		return;
	add_mount(t, auto_origin(t), "sysfs", "sysfs", "/sys", options[t->automount.sys]);
	if (t->automount.sys == LXC_AUTO_MIXED)
		*push(t, writable) = "/sys/devices/virtual/net";
}

static void annotate_writable(struct translation *t, const struct oci_strings *paths)
{
	struct json_out *out = json_out_new(false);

	json_out_array(out, NULL);
	for (size_t i = 0; i < paths->count; i++)
		json_out_string(out, NULL, paths->items[i]);
	annotate_json(t, ANNOTATION_WRITABLE_PATHS, out);
}

static void add_kernel_mounts(struct translation *t)
{
	struct oci_strings writable = {};

	if (has_autodev(t))
		add_mount(t, "Proxmox default", "tmpfs", "tmpfs", "/dev", "mode=755,size=500000");
	add_proc(t, &writable);
	add_sys(t, &writable);
	annotate_writable(t, &writable);
	annotate(t, ANNOTATION_BOOT_ID, "1");
}

static void add_cgroup(struct translation *t)
{
	if (t->automount.cgroup == LXC_AUTO_NONE)
		return;
	add_mount(t, auto_origin(t), "cgroup", "cgroup", "/sys/fs/cgroup",
		  t->automount.cgroup == LXC_AUTO_RO ? "nosuid,nodev,noexec,relatime,ro"
						     : "nosuid,nodev,noexec,relatime,rw");
}

static int add_devpts(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.pty.max");
	unsigned int ptys = 1024, ttys = 0;

	(void)parse_u32(lxc_config_value(&t->lxc, "lxc.tty.max"), &ttys); /* checked before */
	if (line && parse_u32(line->value, &ptys) < 0)
		return fail_wrong(t, line->origin, "write a number: 1024",
				  "'%s' is no number of ptys", line->value);
	if (!ptys)
		return 0;
	add_mount(t, line ? line->origin : "Proxmox default", "devpts", "devpts", "/dev/pts",
		  arena_printf(t->arena,
			       "nosuid,noexec,newinstance,gid=5,mode=0620,ptmxmode=0666,max=%lu",
			       (unsigned long)ptys + ttys));
	return 0;
}

/* ------------------------------------------------------------------------------------- entries */

/* A runtime may give a tmpfs the mode of the folder below it; LXC leaves it to the kernel. */
static void set_mode(struct translation *t, struct oci_mount *mount)
{
	if (strcmp(mount->type, "tmpfs") != 0)
		return;
	for (size_t i = 0; i < mount->options.count; i++)
		if (starts_with(mount->options.items[i], "mode="))
			return;
	*push(t, &mount->options) = "mode=1777";
}

static int map_entry(struct translation *t, const struct lxc_mount *entry, struct oci_mount *mount,
		     const char *origin)
{
	if (!entry->idmap)
		return 0;
	if (strcmp(entry->idmap, "container") != 0)
		return fail_wrong(t, origin, "write idmap=container",
				  "idmap=%s: only idmap=container is possible here", entry->idmap);
	if (!t->userns)
		return fail_wrong(t, origin, "add 'unprivileged: 1', or leave idmap=container out",
				  "idmap=container needs an unprivileged container");
	*push(t, &mount->options) = "idmap";
	mount->uid_mappings = t->idmap.uid;
	mount->gid_mappings = t->idmap.gid;
	return 0;
}

/* An optional mount of what isn't there would fail, and LXC would go on. */
static bool is_absent(const struct translation *t, const struct lxc_mount *entry)
{
	for (size_t i = 0; i < entry->extras.count; i++)
		if (strcmp(entry->extras.items[i], "optional") == 0)
			return pve_names_find(&t->facts->absent, entry->mount.source) != NULL;
	return false;
}

static void warn_about(struct translation *t, const struct lxc_mount *entry, const char *origin)
{
	if (entry->absolute)
		advise(t, "lxc.mount.entry", origin,
		       "the target is taken as %s in the container: LXC would pass over the line, "
		       "as it starts with a '/'",
		       entry->mount.destination);
	if (entry->ignored.count)
		advise(t, "lxc.mount.entry", origin, "options without effect: %s",
		       joined(t->arena, &entry->ignored));
}

static int add_entry(struct translation *t, const char *text, const char *origin)
{
	struct lxc_mount entry = {};
	struct oci_mount *mount;
	int r = lxc_mount_read(t->arena, text, &entry, t->err);

	if (r < 0)
		return fail_from(t, r, origin);
	if (is_absent(t, &entry))
		return 0;
	warn_about(t, &entry, origin);
	note_origin(t, origin, "mounts[%zu]", t->spec->mounts.count);
	mount = push(t, &t->spec->mounts);
	*mount = (struct oci_mount){entry.mount.destination, entry.mount.type, entry.mount.source};
	for (size_t i = 0; i < entry.mount.options.count; i++)
		*push(t, &mount->options) = entry.mount.options.items[i];
	set_mode(t, mount);
	add_extras(t, &entry.extras);
	return map_entry(t, &entry, mount, origin);
}

/* The lines of the file that lxc.mount.fstab names. */
static int add_fstab(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.mount.fstab");
	const char *text = line ? pve_names_find(&t->facts->files, line->value) : NULL;

	if (line && !text)
		return fail_absent(t, line);
	while (text && *text) {
		size_t length = strcspn(text, "\n");
		const char *row = arena_strndup(t->arena, text, length);
		int r = 0;

		text += length + (text[length] == '\n');
		row += strspn(row, " \t");
		if (*row && *row != '#')
			r = add_entry(t, row, line->origin);
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_entries(struct translation *t)
{
	lxc_each(line, &t->lxc, "lxc.mount.entry")
	{
		int r = add_entry(t, line->value, line->origin);

		if (r < 0)
			return r;
	}
	return 0;
}

/* One of the mounts in ANNOTATION_MOUNTS; they are numbered on from the spec's own. */
static void add_more(struct translation *t, struct oci_mount_list *list, const char *type,
		     const char *destination, const char *origin)
{
	const char *path =
		arena_printf(t->arena, "mounts[%zu]", t->spec->mounts.count + list->count);

	*push(t, list) =
		(struct oci_mount){.destination = destination, .type = type, .source = type};
	note_origin(t, origin, "%s", path);
	json_out_array(t->extras, path);
	json_out_string(t->extras, NULL, "create=dir");
	json_out_string(t->extras, NULL, "optional");
	json_out_end(t->extras);
}

/* A container in the container may mount /proc and /sys only where whole ones are in sight. Other
 * runtimes refuse a second proc, so these two are not among the spec's mounts; the last ones. */
static void add_nesting(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.apparmor.allow_nesting");
	struct oci_mount_list list = {};

	if (!line || strcmp(line->value, "1") != 0 || !has_autodev(t))
		return;
	add_more(t, &list, "proc", "/dev/.lxc/proc", line->origin);
	add_more(t, &list, "sysfs", "/dev/.lxc/sys", line->origin);
	annotate_take(t, ANNOTATION_MOUNTS, oci_mounts_write(&list));
}

/* Files that lxcfs makes up from the container's limits, over those of the host. */
static void add_lxcfs(struct translation *t)
{
	for (size_t i = 0; i < t->facts->lxcfs.count; i++)
		add_mount(t, "Proxmox default: lxcfs", "bind", t->facts->lxcfs.items[i].value,
			  t->facts->lxcfs.items[i].name, "bind,rw");
}

int translate_mounts(struct translation *t)
{
	int r = read_automounts(t);

	if (r < 0)
		return r;
	add_kernel_mounts(t);
	r = add_fstab(t);
	if (r == 0)
		r = add_entries(t);
	if (r < 0)
		return r;
	add_cgroup(t);
	add_lxcfs(t);
	t->spec->linux.rootfs_propagation = "shared";
	r = add_devpts(t);
	add_nesting(t);
	return r;
}
