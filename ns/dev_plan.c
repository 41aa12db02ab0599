#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/dev.h"
#include "ns/spec_help.h"
#include "oci/annotations.h"
#include "oci/ext_mounts.h"
#include "oci/spec.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LOOP_CONTROL_MAJOR = 10, LOOP_CONTROL_MINOR = 237 };

/* config-linux.md, "Default Devices"; console and ptmx are not nodes of ours. */
static const struct {
	const char *path;
	unsigned int major, minor;
} defaults[] = {
	{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
	{"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0},
};

const struct dev_link dev_links[] = {
	{"fd", "/proc/self/fd"},       {"stdin", "/proc/self/fd/0"}, {"stdout", "/proc/self/fd/1"},
	{"stderr", "/proc/self/fd/2"}, {"ptmx", "pts/ptmx"},         {NULL, NULL},
};

static const struct dev_step *dev_of(const struct step *step)
{
	return container_of(step, struct dev_step, step);
}

static char type_letter(mode_t mode)
{
	return S_ISBLK(mode) ? 'b' : S_ISFIFO(mode) ? 'p' : 'c';
}

static void describe(const struct step *step, struct text *text)
{
	const struct dev_step *dev = dev_of(step);

	text_addf(text, "%s %c %u:%u", dev->path, type_letter(dev->mode), dev->major, dev->minor);
	if (dev->how == DEV_BIND)
		text_addf(text, ", the host's %s", dev->source);
	else
		text_addf(text, ", %04o %u:%u", (unsigned int)(dev->mode & 07777), dev->uid,
			  dev->gid);
}

static void write_values(const struct step *step, struct json_out *out)
{
	const struct dev_step *dev = dev_of(step);
	const char type[] = {type_letter(dev->mode), '\0'};

	json_out_string(out, "path", dev->path);
	json_out_string(out, "type", type);
	json_out_u64(out, "major", dev->major);
	json_out_u64(out, "minor", dev->minor);
	json_out_u64(out, "mode", dev->mode & 07777);
	json_out_u64(out, "uid", dev->uid);
	json_out_u64(out, "gid", dev->gid);
	json_out_bool(out, "bind", dev->how != DEV_MAKE);
}

static void describe_links(const struct step *step, struct text *text)
{
	for (const struct dev_link *link = dev_links; link->name; link++)
		text_addf(text, "%s%s", link == dev_links ? "/dev: " : ", ", link->name);
}

static void describe_readonly(const struct step *step, struct text *text)
{
	text_add(text, dev_of(step)->path);
}

static void write_nothing(const struct step *step, struct json_out *out)
{
}

const struct step_kind dev_source_kind = {.name = "dev.source",
					  .describe = describe,
					  .write = write_values,
					  .apply = dev_source_apply};
const struct step_kind dev_node_kind = {
	.name = "dev.node", .describe = describe, .write = write_values, .apply = dev_node_apply};
const struct step_kind dev_stage_kind = {
	.name = "dev.stage", .describe = describe, .write = write_values, .apply = dev_stage_apply};
const struct step_kind dev_kind = {.name = "dev",
				   .describe = describe,
				   .write = write_values,
				   .apply = dev_apply,
				   .observe = dev_observe};
const struct step_kind dev_links_kind = {.name = "dev.links",
					 .describe = describe_links,
					 .write = write_nothing,
					 .apply = dev_links_apply,
					 .observe = dev_links_observe};
const struct step_kind dev_readonly_kind = {.name = "dev.readonly",
					    .describe = describe_readonly,
					    .write = write_nothing,
					    .apply = dev_readonly_apply};

bool dev_same(const struct step *one, const struct step *other)
{
	return strcmp(dev_of(one)->path, dev_of(other)->path) == 0;
}

/* A node needs CAP_MKNOD over the whole host; who runs in another engine's container often has
 * none. */
static bool must_bind(const struct plan *plan, const struct oci_spec *spec)
{
	const struct host *host = plan->host;

	return spec_namespace(spec, "user") || !host->initial_userns ||
	       !(host->capabilities & 1ULL << CAP_MKNOD);
}

static void add(struct plan *plan, const struct oci_spec *spec, struct dev_step dev,
		const char *origin)
{
	struct dev_step *step;

	dev.source = dev.path;
	dev.target = target_plan(plan, dev.path);
	dev.how = must_bind(plan, spec) && !S_ISFIFO(dev.mode) ? DEV_BIND : DEV_MAKE;
	if (dev.how == DEV_BIND) {
		dev.slot = plan_slot(plan);
		step = plan_step(plan, &dev_source_kind, plan_source_stage(plan), sizeof(*step),
				 origin);
		dev.step = step->step;
		*step = dev;
	}
	step = plan_step(plan, &dev_kind, STEP_ENTER, sizeof(*step), origin);
	dev.step = step->step;
	*step = dev;
}

static bool in_spec(const struct oci_spec *spec, const char *path)
{
	for (size_t i = 0; i < spec->linux.devices.count; i++)
		if (strcmp(spec->linux.devices.items[i].path, path) == 0)
			return true;
	return false;
}

static int mode_type(const char *type, mode_t *mode)
{
	switch (type ? type[0] : '\0') {
	case 'c':
	case 'u':
		*mode = S_IFCHR;
		return 0;
	case 'b':
		*mode = S_IFBLK;
		return 0;
	case 'p':
		*mode = S_IFIFO;
		return 0;
	default:
		return -EINVAL;
	}
}

static int plan_device(struct plan *plan, const struct oci_spec *spec, size_t index,
		       struct err *err)
{
	const struct oci_device *device = &spec->linux.devices.items[index];
	struct dev_step dev = {
		.path = path_clean(plan, "/", device->path),
		.major = (unsigned int)device->major,
		.minor = (unsigned int)device->minor,
		.uid = (uint32_t)device->uid.value,
		.gid = (uint32_t)device->gid.value,
	};

	if (mode_type(device->type, &dev.mode) < 0 || strcmp(dev.path, "/") == 0)
		return err_plain(err, -EINVAL, "linux.devices[%zu]: no device", index);
	dev.mode |= device->file_mode.set ? (mode_t)device->file_mode.value & 07777 : 0666;
	add(plan, spec, dev, plan_origin(plan, "linux.devices[%zu]", index));
	return 0;
}

/* Ids of the container as the host has them; who has none there is the container's root. */
static uint32_t outside(const struct oci_id_mappings *maps, uint32_t id)
{
	for (size_t i = 0; i < maps->count; i++)
		if (id >= maps->items[i].container_id &&
		    id - maps->items[i].container_id < maps->items[i].size)
			return maps->items[i].host_id + (id - maps->items[i].container_id);
	return maps->count ? maps->items[0].host_id : id;
}

static int plan_passed(struct plan *plan, const struct oci_spec *spec,
		       const struct oci_passed *passed, unsigned int index, int stage_slot,
		       struct err *err)
{
	const char *origin = passed->origin
				     ? passed->origin
				     : plan_origin(plan, "annotations.%s", ANNOTATION_DEVICES);
	struct dev_step dev = {
		.how = DEV_BIND_STAGED,
		.stage_slot = stage_slot,
		.path = path_clean(plan, "/", passed->path),
		.major = passed->major,
		.minor = passed->minor,
		.uid = passed->uid,
		.gid = passed->gid,
	};
	struct dev_step *node, *stage, *step;

	if (mode_type(passed->type, &dev.mode) < 0)
		return err_plain(err, -EINVAL, "%s[%u]: no device", ANNOTATION_DEVICES, index);
	if (dev.major == LOOP_CONTROL_MAJOR && dev.minor == LOOP_CONTROL_MINOR)
		return err_plain(err, -EPERM,
				 "%s is loop-control, which gives the host's disks away",
				 passed->path);
	dev.target = target_plan(plan, dev.path);
	dev.source = dev.path;
	dev.mode |= passed->mode.set ? (mode_t)passed->mode.value : 0660;
	(void)snprintf(dev.name, sizeof(dev.name), "%u", index);
	dev.slot = plan_slot(plan);
	node = plan_step(plan, &dev_node_kind, STEP_PREPARE, sizeof(*node), origin);
	stage = plan_step(plan, &dev_stage_kind, STEP_ENTER, sizeof(*stage), origin);
	step = plan_step(plan, &dev_kind, STEP_ENTER, sizeof(*step), origin);
	dev.step = step->step;
	*step = dev;
	dev.step = stage->step;
	*stage = dev;
	dev.step = node->step;
	dev.uid = outside(&spec->linux.uid_mappings, dev.uid);
	dev.gid = outside(&spec->linux.gid_mappings, dev.gid);
	*node = dev;
	return 0;
}

static int plan_all_passed(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	struct oci_passed_list list;
	int r = oci_passed_read(&plan->arena, spec, &list, err);
	const int stage_slot = r == 0 && list.count ? plan_slot(plan) : -1;

	for (size_t i = 0; r == 0 && i < list.count; i++)
		r = plan_passed(plan, spec, &list.items[i], (unsigned int)i, stage_slot, err);
	return r;
}

static int plan_own(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const char *origin = plan_origin(plan, "linux.devices");
	struct dev_step *links;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
		const struct dev_step dev = {
			.path = defaults[i].path,
			.mode = S_IFCHR | 0666,
			.major = defaults[i].major,
			.minor = defaults[i].minor,
		};

		if (!in_spec(spec, dev.path))
			add(plan, spec, dev, "default devices of the runtime-spec");
	}
	for (size_t i = 0; i < spec->linux.devices.count && r == 0; i++)
		r = plan_device(plan, spec, i, err);
	if (r < 0)
		return r;
	links = plan_step(plan, &dev_links_kind, STEP_ENTER, sizeof(*links), origin);
	links->target = target_plan(plan, "/dev/ptmx");
	return 0;
}

int dev_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const struct oci_mount *mount = spec_mount(spec, "/dev");
	const bool bound = mount_says(mount, "bind") || mount_says(mount, "rbind");
	struct dev_step *readonly;
	int r = 0;

	if (!bound)
		r = plan_own(plan, spec, err);
	if (r == 0)
		r = plan_all_passed(plan, spec, err);
	if (r < 0 || bound || !mount_says(mount, "ro"))
		return r;
	readonly = plan_step(plan, &dev_readonly_kind, STEP_ENTER, sizeof(*readonly),
			     plan_origin(plan, "mounts"));
	readonly->path = "/dev";
	return 0;
}
