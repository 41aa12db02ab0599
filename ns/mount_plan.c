#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/mount.h"
#include "ns/spec_help.h"
#include "ns/volume.h"
#include "oci/annotations.h"
#include "oci/ext_mounts.h"
#include "oci/spec.h"

#include <linux/mount.h>
#include <string.h>

struct planner {
	struct plan *plan;
	const struct oci_spec *spec;
	const char *bundle;
	const char *rootfs;
	const struct json *extras;
	struct err *err;
};

/* What other programs emulate below /proc (lxcfs), and the one tree that is mounted there. */
static const char *const proc_files[] = {
	"/proc",
	"/proc/cpuinfo",
	"/proc/diskstats",
	"/proc/meminfo",
	"/proc/stat",
	"/proc/swaps",
	"/proc/uptime",
	"/proc/loadavg",
	"/proc/slabinfo",
	"/proc/pressure",
	"/proc/vmstat",
	"/proc/sys/kernel/ns_last_pid",
	"/proc/sys/crypto/fips_enabled",
	"/proc/sys/fs/binfmt_misc",
};

static bool proc_allowed(const char *destination)
{
	for (size_t i = 0; i < ARRAY_SIZE(proc_files); i++)
		if (strcmp(proc_files[i], destination) == 0)
			return true;
	return path_below(destination, "/proc/pressure") != NULL;
}

static void describe(const struct step *step, struct text *text)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;
	const char *verb = values->opts.flags & MOUNT_REMOUNT ? "remount" : "bind";

	text_addf(text, "%s %s on %s", values->type ? values->type : verb, values->source,
		  values->destination);
	if (values->idmapped)
		text_add(text, values->own_map ? " (own id map)" : " (container's id map)");
	mount_opts_describe(&values->opts, text);
}

static void write_values(const struct step *step, struct json_out *out)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;
	cleanup_(text_free) struct text words = {};

	mount_opts_describe(&values->opts, &words);
	json_out_string(out, "destination", values->destination);
	json_out_string(out, "source", values->source);
	if (values->type)
		json_out_string(out, "type", values->type);
	json_out_string(out, "options", words.length ? text_str(&words) + 2 : "");
	json_out_bool(out, "idmap", values->idmapped);
	if (values->context)
		json_out_string(out, "context", values->context);
}

const struct step_kind mount_source_kind = {
	.name = "mount.source",
	.describe = describe,
	.write = write_values,
	.apply = mount_source_apply,
};

const struct step_kind mount_idmap_kind = {
	.name = "mount.idmap",
	.describe = describe,
	.write = write_values,
	.apply = mount_idmap_apply,
};

const struct step_kind mount_kind = {
	.name = "mount",
	.describe = describe,
	.write = write_values,
	.apply = mount_apply,
	.observe = mount_observe,
};

static void read_options(const struct planner *p, const struct oci_mount *mount, size_t index,
			 struct mount_values *values)
{
	const char *path = arena_printf(&p->plan->arena, "mounts[%zu]", index);
	cleanup_(text_free) struct text data = {};

	/* Known first, so that words for a whole file system are left out of a bind's. */
	if (mount->type && strcmp(mount->type, "bind") == 0)
		values->opts.flags |= MOUNT_BIND;
	if (mount_says(mount, "bind") || mount_says(mount, "rbind"))
		values->opts.flags |= MOUNT_BIND;
	for (size_t i = 0; i < mount->options.count; i++)
		mount_opts_add(&values->opts, mount->options.items[i], &data);
	json_each (word, json_find(p->extras, path))
		if (word->type == JSON_STRING)
			mount_opts_add(&values->opts, word->text, &data);
	values->opts.data = arena_strdup(&p->plan->arena, text_str(&data));
}

static int check(const struct planner *p, const struct mount_values *values)
{
	const bool bind = values->opts.flags & MOUNT_BIND;

	if (strcmp(values->destination, "/") == 0)
		return err_wrong(p->err, "choose a folder below /, or change the root itself",
				 "nothing can be mounted on /: that is the root");
	if (path_below(values->destination, "/proc") && !values->proc_allowed)
		return err_wrong(p->err,
				 "choose another destination, or a file that programs only "
				 "read, such as /proc/meminfo",
				 "mount on %s: not a place in /proc to mount on",
				 values->destination);
	if (bind && *values->opts.data)
		return err_plain(p->err, -EINVAL, "bind %s on %s: \"%s\" is no option of a bind",
				 values->source, values->destination, values->opts.data);
	if (values->opts.flags & MOUNT_REMOUNT && *values->opts.data)
		return err_plain(p->err, -EINVAL,
				 "remount %s: \"%s\" can't change, only the mount's own options",
				 values->destination, values->opts.data);
	if (values->idmapped && !bind && !(values->opts.flags & MOUNT_LOOP))
		return err_plain(p->err, -EINVAL, "mount on %s: an id map needs a bind",
				 values->destination);
	return 0;
}

static int plan_idmap(const struct planner *p, const struct oci_mount *mount,
		      struct mount_values *values)
{
	const bool own = mount->uid_mappings.count || mount->gid_mappings.count;

	if (!own && !(values->opts.flags & MOUNT_IDMAP))
		return 0;
	if (own && (!mount->uid_mappings.count || !mount->gid_mappings.count))
		return err_plain(p->err, -EINVAL,
				 "mount on %s: uidMappings and gidMappings go together",
				 values->destination);
	if (!own && !spec_namespace(p->spec, "user"))
		return err_plain(p->err, -EINVAL,
				 "mount on %s: idmap needs mappings or a user namespace",
				 values->destination);
	values->idmapped = true;
	values->own_map = own;
	values->uid = idmap_of(p->plan, own ? &mount->uid_mappings : &p->spec->linux.uid_mappings);
	values->gid = idmap_of(p->plan, own ? &mount->gid_mappings : &p->spec->linux.gid_mappings);
	return idmap_mount_check(p->plan, values->destination, p->err);
}

/*
 * The host's /sys, read-only, has the host's cgroups mounted in it, which "ro" does not speak of.
 * With them a container had all others' limits, and its own, in hand (CVE-2023-25809).
 */
static void keep_cgroups(struct mount_values *values)
{
	static const char cgroups[] = "/sys/fs/cgroup";

	if (values->opts.set & MOUNT_ATTR_RDONLY && values->opts.flags & MOUNT_RECURSIVE &&
	    (strcmp(values->source, cgroups) == 0 || path_below(cgroups, values->source)))
		values->opts.set_recursive |= MOUNT_ATTR_RDONLY;
}

/* A bind from inside the root sees the mounts made before it, so it is opened at its turn. */
static void plan_bind(const struct planner *p, struct mount_values *values)
{
	const char *inside;
	bool recursive;

	values->type = NULL;
	values->propagation = spec_propagation(p->spec, &recursive) & (MS_SLAVE | MS_SHARED)
				      ? MS_SLAVE
				      : MS_PRIVATE;
	if (values->opts.flags & MOUNT_RELATIVE) {
		values->source = path_clean(p->plan, "/", values->source);
		return;
	}
	values->source = path_clean(p->plan, p->bundle, values->source);
	keep_cgroups(values);
	inside = path_below(values->source, p->rootfs);
	if (inside && !values->idmapped) {
		values->source = inside;
		values->opts.flags |= MOUNT_RELATIVE;
	}
}

static const char *without(struct plan *plan, const char *data, const char *prefix)
{
	const char *left = "";

	while (*data) {
		size_t length = strcspn(data, ",");

		if (!starts_with(data, prefix))
			left = arena_printf(&plan->arena, "%s%s%.*s", left, *left ? "," : "",
					    (int)length, data);
		data += length + (data[length] == ',');
	}
	return left;
}

static bool maps_gid(const struct planner *p, const char *data)
{
	const char *word = starts_with(data, "gid=") ? data : strstr(data, ",gid=");
	const struct oci_id_mappings *maps = &p->spec->linux.gid_mappings;
	unsigned long gid = word ? strtoul(strchr(word, '=') + 1, NULL, 10) : 0;

	for (size_t i = 0; i < maps->count; i++)
		if (gid >= maps->items[i].container_id &&
		    gid - maps->items[i].container_id < maps->items[i].size)
			return true;
	return maps->count == 0;
}

/* The kernel's own file systems label their files themselves. */
static bool takes_context(const char *type)
{
	static const char *const own[] = {"proc", "sysfs", "cgroup", "cgroup2", "mqueue"};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (strcmp(type, own[i]) == 0)
			return false;
	return true;
}

static void plan_new(const struct planner *p, struct mount_values *values)
{
	const bool cgroup =
		strcmp(values->type, "cgroup") == 0 || strcmp(values->type, "cgroup2") == 0;

	if (p->plan->host->selinux && takes_context(values->type))
		values->context = p->spec->linux.mount_label;

	values->shared_proc = strcmp(values->type, "proc") == 0 && !spec_namespace(p->spec, "pid");
	values->real_directory =
		strcmp(values->type, "proc") == 0 || strcmp(values->type, "sysfs") == 0;
	/* dev.readonly does it once the nodes are there. */
	if (strcmp(values->destination, "/dev") == 0)
		values->opts.set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	/* The kernel refuses a group that the container doesn't have. */
	if (strcmp(values->type, "devpts") == 0 && !maps_gid(p, values->opts.data))
		values->opts.data = without(p->plan, values->opts.data, "gid=");
	if (!cgroup)
		return;
	values->type = "cgroup2";
	values->opts.data = "";
	values->cgroup_fallback = true;
	values->cgroup_root = p->plan->host->cgroup_root;
	/* Without a cgroup namespace this is the host's whole tree. */
	if (!spec_namespace(p->spec, "cgroup")) {
		values->opts.set |= MOUNT_ATTR_RDONLY;
		values->opts.clear &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	}
}

static void plan_volume(const struct planner *p, const char *type, struct mount_values *values,
			const char *origin)
{
	values->source = path_clean(p->plan, p->bundle, values->source);
	values->volume_slot = volume_plan_add(p->plan, values->source, type, values->opts.data,
					      values->opts.set & MOUNT_ATTR_RDONLY, origin);
	values->type = NULL;
	values->propagation = MS_PRIVATE;
	values->opts.data = "";
}

static void add_steps(const struct planner *p, struct mount_values *values, const char *origin)
{
	const bool detached =
		!values->type && !(values->opts.flags & (MOUNT_RELATIVE | MOUNT_REMOUNT));
	struct mount_step *step;

	if (detached) {
		values->slot = plan_slot(p->plan);
		step = plan_step(p->plan, &mount_source_kind, plan_source_stage(p->plan),
				 sizeof(*step), origin);
		step->values = values;
	}
	/* The kernel's own namespace for the container costs nothing; one of ours, milliseconds. */
	values->map_later =
		detached && values->idmapped && !values->own_map && spec_namespace(p->spec, "user");
	if (values->map_later) {
		step = plan_step(p->plan, &mount_idmap_kind, STEP_MAP, sizeof(*step), origin);
		step->values = values;
	}
	step = plan_step(p->plan, &mount_kind, STEP_ENTER, sizeof(*step), origin);
	step->values = values;
}

/* What is to look like its directory wants that opened. */
static void plan_target(struct plan *plan, struct mount_values *values)
{
	values->target = target_plan(plan, values->destination);
	if (!(values->opts.flags & (MOUNT_COPY_UP | MOUNT_KEEP_ATTRS)))
		return;
	values->target.folder_slot = -1;
	values->target.top = false;
}

static int plan_mount(const struct planner *p, const struct oci_mount *mount, size_t index)
{
	struct mount_values *values = arena_alloc(&p->plan->arena, sizeof(*values));
	const char *origin = plan_origin(p->plan, "mounts[%zu]", index);
	int r;

	values->slot = values->volume_slot = values->kept_slot = -1;
	values->destination = path_clean(p->plan, "/", mount->destination);
	values->type = mount->type ? mount->type : "none";
	values->source = mount->source ? mount->source : values->type;
	values->proc_allowed = proc_allowed(values->destination);
	read_options(p, mount, index, values);
	r = plan_idmap(p, mount, values);
	if (r == 0)
		r = check(p, values);
	if (r < 0) {
		err_origin(p->err, origin);
		return r;
	}
	if (values->opts.flags & MOUNT_LOOP)
		plan_volume(p, mount->type, values, origin);
	else if (values->opts.flags & MOUNT_BIND)
		plan_bind(p, values);
	else if (values->opts.flags & MOUNT_REMOUNT)
		values->type = NULL;
	else
		plan_new(p, values);
	plan_target(p->plan, values);
	add_steps(p, values, origin);
	return 0;
}

/* The mounts that the spec's own list has no place for, numbered on from it. */
static int plan_more(const struct planner *p)
{
	struct oci_mount_list list;
	int r = oci_mounts_read(&p->plan->arena, p->spec, &list, p->err);

	for (size_t i = 0; r == 0 && i < list.count; i++)
		r = plan_mount(p, &list.items[i], p->spec->mounts.count + i);
	return r;
}

bool mount_same(const struct step *one, const struct step *other)
{
	const struct mount_values *a = container_of(one, struct mount_step, step)->values;
	const struct mount_values *b = container_of(other, struct mount_step, step)->values;

	return strcmp(a->destination, b->destination) == 0;
}

int mount_plan(struct plan *plan, const struct oci_spec *spec, const char *bundle, struct err *err)
{
	struct planner p = {
		.plan = plan,
		.spec = spec,
		.bundle = bundle,
		.rootfs = path_clean(plan, bundle, spec->root.path ? spec->root.path : "/"),
		.err = err,
	};
	int r;

	if (spec->linux.mount_label && !plan->host->selinux)
		plan_missing(plan, "selinux", plan_origin(plan, "linux.mountLabel"),
			     "SELinux label of mounts: this kernel has no SELinux enabled");
	r = spec_annotation(plan, spec, ANNOTATION_MOUNT_EXTRAS, &p.extras, err);
	for (size_t i = 0; i < spec->mounts.count && r == 0; i++)
		r = plan_mount(&p, &spec->mounts.items[i], i);
	return r < 0 ? r : plan_more(&p);
}
