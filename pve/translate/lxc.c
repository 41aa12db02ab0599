#include "pve/translate/parts.h"

#include "pve/lxc/defaults.h"

#include <string.h>

/* The LXC configuration that Proxmox generates, in its order: a later line wins over an earlier
 * one, and the user's raw ones stand near the end. What Proxmox writes there and this project has
 * fields for (volumes, interfaces, limits by number) is translated from the options directly, but
 * after the raw lines were looked at. */

static void add(struct translation *t, const char *key, const char *value, const char *origin)
{
	lxc_config_add(&t->lxc, key, value, origin);
}

/* Does the user have a say about @key himself? */
static bool is_raw(const struct lxc_config *raw, const char *key)
{
	return lxc_config_next(raw, NULL, key) != NULL;
}

static void add_fuse(struct translation *t, const char *origin)
{
	add(t, "lxc.apparmor.raw", "mount fstype=fuse,", origin);
	add(t, "lxc.mount.entry", "/dev/fuse dev/fuse none bind,create=file 0 0", origin);
}

/* features: mount=nfs;cifs: one rule for each. */
static void add_mount_rules(struct translation *t, const char *types, const char *origin)
{
	while (*types) {
		size_t length = strcspn(types, "; ");

		if (length)
			add(t, "lxc.apparmor.raw",
			    arena_printf(t->arena, "mount fstype=%.*s,", (int)length, types),
			    origin);
		types += length + (types[length] != '\0');
	}
}

static void add_apparmor(struct translation *t, const char *origin)
{
	add(t, "lxc.apparmor.profile", "generated", "Proxmox default");
	if (apparmor_abi_has_v4(t->facts->apparmor_abi))
		add(t, "lxc.apparmor.raw", "allow mqueue,", "Proxmox default");
	if (opt_bool_or(t->features.nesting, false)) {
		add(t, "lxc.apparmor.allow_nesting", "1", origin);
		if (apparmor_abi_has_v4(t->facts->apparmor_abi))
			add(t, "lxc.apparmor.raw", "allow userns,", origin);
	} else {
		add(t, "lxc.apparmor.raw", "deny mount -> /proc/,", "Proxmox default");
		add(t, "lxc.apparmor.raw", "deny mount -> /sys/,", "Proxmox default");
	}
	if (t->features.mount)
		add_mount_rules(t, t->features.mount, origin);
}

/* What a raw profile takes over from features: the lines for these are not even written. */
static void warn_overridden(struct translation *t, const struct lxc_config *raw)
{
	const struct pve_features *features = &t->features;
	const struct {
		const char *raw;
		const char *feature;
		bool set;
	} rows[] = {
		{"lxc.apparmor.profile", "nesting", features->nesting.set},
		{"lxc.apparmor.profile", "mount", features->mount != NULL},
		{"lxc.apparmor.profile", "fuse", features->fuse.set},
		{"lxc.seccomp.profile", "keyctl", features->keyctl.set},
		{"lxc.seccomp.profile", "mknod", features->mknod.set},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].set && is_raw(raw, rows[i].raw))
			advise(t, "features", option_origin(t, "features"),
			       "%s does not hold: the raw %s (%s) takes its place", rows[i].feature,
			       rows[i].raw, lxc_config_last(raw, rows[i].raw)->origin);
}

static void add_features(struct translation *t, const struct lxc_config *raw, bool userns)
{
	const char *origin = option_origin(t, "features");

	warn_overridden(t, raw);
	if (!is_raw(raw, "lxc.apparmor.profile"))
		add_apparmor(t, origin);
	if (opt_bool_or(t->features.fuse, false))
		add_fuse(t, origin);
	if (userns && !opt_bool_or(t->features.force_rw_sys, false))
		add(t, "lxc.mount.auto", "sys:mixed", "Proxmox default: unprivileged");
	if (userns && opt_bool_or(t->features.mknod, false) && !is_raw(raw, "lxc.seccomp.profile"))
		unenforced(t, "features.mknod", origin,
			   "mknod=1 is not acted on: making device nodes inside is not permitted");
}

static void add_entrypoint(struct translation *t)
{
	const char *entrypoint = option_text(t, "entrypoint");
	const char *origin = option_origin(t, "entrypoint");

	if (!entrypoint)
		return;
	add(t, "lxc.init.cmd", entrypoint, origin);
	if (strcmp(entrypoint, "/sbin/init") != 0)
		add(t, "lxc.mount.entry", "shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0",
		    origin);
}

static void add_idmap(struct translation *t, const struct lxc_config *raw)
{
	const char *origin = option_origin(t, "unprivileged");

	if (!option_bool(t, "unprivileged", false) || is_raw(raw, "lxc.idmap"))
		return;
	add(t, "lxc.idmap", "u 0 100000 65536", origin);
	add(t, "lxc.idmap", "g 0 100000 65536", origin);
}

static int add_console(struct translation *t)
{
	const char *origin = option_origin(t, "console");
	uint64_t ttys;
	int r = option_u64(t, "tty", 2, &ttys);

	if (r < 0)
		return r;
	if (!option_bool(t, "console", true)) {
		add(t, "lxc.console.path", "none", origin);
		add(t, "lxc.cgroup2.devices.deny", "c 5:1 rwm", origin);
	}
	add(t, "lxc.tty.max", arena_printf(t->arena, "%lu", ttys), option_origin(t, "tty"));
	return 0;
}

static int add_device_rule(struct translation *t, const struct pve_entry *entry)
{
	const char *origin = conf_origin(t->arena, t->conf, entry);
	const struct pve_device_node *node;
	struct pve_dev dev = {};
	bool deny_write;
	int r = option_read(t, entry->key, pve_dev_properties, &dev);

	if (r < 0)
		return r;
	if (!dev.path)
		return fail_wrong(t, origin, "write dev0: /dev/NAME",
				  "a path below /dev is missing");
	node = pve_facts_device(t->facts, dev.path);
	if (!node)
		return fail(t, -ENOENT, origin, "%s is no device on this host", dev.path);
	deny_write = opt_bool_or(dev.deny_write, false);
	add(t, "lxc.cgroup2.devices.allow",
	    arena_printf(t->arena, "%c %u:%u %s", node->type, node->major, node->minor,
			 deny_write ? "r" : "rw"),
	    origin);
	if (deny_write)
		add(t, "lxc.cgroup2.devices.deny",
		    arena_printf(t->arena, "%c %u:%u w", node->type, node->major, node->minor),
		    origin);
	return 0;
}

/* Proxmox's lines for devN; it has them in no certain order, we by index. */
static int add_device_rules(struct translation *t)
{
	const struct pve_entry *entry;
	int r = 0;

	for (unsigned int i = 0; r == 0 && (entry = conf_indexed(&t->conf->main, "dev", &i)); i++)
		r = add_device_rule(t, entry);
	return r;
}

static void add_names(struct translation *t)
{
	const char *hostname = option_text(t, "hostname");

	add(t, "lxc.arch", option_text(t, "arch"), option_origin(t, "arch"));
	add(t, "lxc.environment", "TERM=linux", "Proxmox default");
	add(t, "lxc.uts.name", hostname ? hostname : arena_printf(t->arena, "CT%s", t->conf->id),
	    option_origin(t, "hostname"));
	environment_lines(t);
}

static int need_options(struct translation *t)
{
	static const char *const needed[] = {"arch", "ostype", "rootfs"};

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!option_text(t, needed[i]))
			return fail_wrong(t, t->conf->name, "add that line: pct create makes it",
					  "the config has no %s", needed[i]);
	if (option_bool(t, "template", false))
		return fail_wrong(t, option_origin(t, "template"),
				  "pct clone makes a container of it",
				  "you can't start a CT if it's a template");
	return 0;
}

static void append(struct lxc_config *to, const struct lxc_config *from)
{
	for (size_t i = 0; i < from->count; i++)
		lxc_config_add(to, from->items[i].key, from->items[i].text, from->items[i].origin);
}

int lines_from_options(struct translation *t)
{
	struct lxc_config raw = {.arena = t->arena};
	bool userns;
	int r = need_options(t);

	if (r == 0)
		r = option_read(t, "features", pve_features_properties, &t->features);
	if (r < 0)
		return r;
	raw_lines(t, &raw);
	userns = option_bool(t, "unprivileged", false) || is_raw(&raw, "lxc.idmap");
	lxc_defaults_add(&t->lxc, option_text(t, "ostype"), userns);
	add_features(t, &raw, userns);
	add_entrypoint(t);
	r = add_device_rules(t);
	if (r < 0)
		return r;
	add_idmap(t, &raw);
	r = add_console(t);
	if (r < 0)
		return r;
	add_names(t);
	append(&t->lxc, &raw);
	return 0;
}
