#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/root.h"
#include "ns/spec_help.h"
#include "ns/volume.h"
#include "oci/annotations.h"
#include "oci/ext_mounts.h"
#include "oci/spec.h"

#include <linux/mount.h>
#include <string.h>

static const struct root_step *root_of(const struct step *step)
{
	return container_of(step, struct root_step, step);
}

static void describe_open(const struct step *step, struct text *text)
{
	const struct mount_values *values = &root_of(step)->values;

	text_add(text, values->source);
	if (values->idmapped)
		text_add(text, values->own_map ? " (own id map)" : " (container's id map)");
	mount_opts_describe(&values->opts, text);
}

static void describe_attach(const struct step *step, struct text *text)
{
	text_add(text, root_of(step)->values.source);
}

static void describe_pivot(const struct step *step, struct text *text)
{
	const struct root_step *root = root_of(step);

	text_add(text, root->no_pivot ? "chroot" : "pivot_root");
	if (root->readonly)
		text_add(text, ", ro");
	if (root->propagation)
		text_addf(text, ", %s%s", root->propagation_recursive ? "r" : "",
			  root->propagation == MS_SHARED ? "shared" : "unbindable");
}

static void write_values(const struct step *step, struct json_out *out)
{
	const struct root_step *root = root_of(step);

	json_out_string(out, "path", root->values.source);
	json_out_bool(out, "idmap", root->values.idmapped);
	json_out_bool(out, "readonly", root->readonly);
	json_out_bool(out, "pivot", !root->no_pivot);
}

const struct step_kind root_open_kind = {
	.name = "root.open",
	.describe = describe_open,
	.write = write_values,
	.apply = root_open_apply,
};

const struct step_kind root_idmap_kind = {
	.name = "root.idmap",
	.describe = describe_open,
	.write = write_values,
	.apply = root_idmap_apply,
};

const struct step_kind root_attach_kind = {
	.name = "root.attach",
	.describe = describe_attach,
	.write = write_values,
	.apply = root_attach_apply,
};

const struct step_kind root_pivot_kind = {
	.name = "root.pivot",
	.describe = describe_pivot,
	.write = write_values,
	.apply = root_pivot_apply,
	.observe = root_pivot_observe,
};

static int plan_idmap(struct plan *plan, const struct oci_spec *spec, struct mount_values *values,
		      struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_ROOTFS_IDMAP);
	struct oci_rootfs_idmap idmap;
	int r;

	if (!text)
		return 0;
	values->idmapped = true;
	values->uid = idmap_of(plan, &spec->linux.uid_mappings);
	values->gid = idmap_of(plan, &spec->linux.gid_mappings);
	r = idmap_mount_check(plan, "/", err);
	if (r < 0 || strcmp(text, "container") == 0)
		return r;
	values->own_map = true;
	r = oci_rootfs_idmap_read(&plan->arena, text, &idmap, err);
	if (r < 0)
		return r;
	values->uid = idmap_of(plan, &idmap.uid);
	values->gid = idmap_of(plan, &idmap.gid);
	return 0;
}

/* The options of a root that is a directory are a bind's; an image's are its file system's too. */
static int plan_options(struct plan *plan, const struct oci_spec *spec, const char *bundle,
			struct mount_values *values, struct err *err)
{
	const char *image = oci_map_find(&spec->annotations, ANNOTATION_ROOTFS_IMAGE);
	const char *options = oci_map_find(&spec->annotations, ANNOTATION_ROOTFS_OPTIONS);
	cleanup_(text_free) struct text data = {};
	char *rest = arena_strdup(&plan->arena, options ? options : "");

	values->opts.flags = image ? 0 : MOUNT_BIND | MOUNT_RECURSIVE;
	for (char *word; (word = strsep(&rest, ","));)
		if (*word)
			mount_opts_add(&values->opts, word, &data);
	if (!image && data.length > 0)
		return err_plain(err, -EINVAL, "%s: \"%s\" is no option of a directory",
				 ANNOTATION_ROOTFS_OPTIONS, text_str(&data));
	if (!image)
		return 0;
	values->source = path_clean(plan, bundle, image);
	values->volume_slot = volume_plan_add(
		plan, values->source, NULL, text_str(&data), values->opts.set & MOUNT_ATTR_RDONLY,
		plan_origin(plan, "annotations.%s", ANNOTATION_ROOTFS_IMAGE));
	return 0;
}

int root_plan(struct plan *plan, const struct oci_spec *spec, const char *bundle, bool no_pivot,
	      struct err *err)
{
	const char *origin = plan_origin(plan, "root.path");
	struct mount_values values = {.slot = -1, .volume_slot = -1};
	struct root_step *open, *idmap, *attach;
	bool recursive;
	int r;

	if (!spec_namespace(spec, "mount"))
		return err_plain(err, -ENOTSUP,
				 "a container needs a mount namespace: add "
				 "{\"type\": \"mount\"} to linux.namespaces");
	if (!spec_new_namespace(spec, "mount"))
		return err_plain(err, -ENOTSUP,
				 "a container can't join a mount namespace: its own root would "
				 "become that of everybody in it");
	if (!spec->root.path)
		return err_plain(err, -EINVAL, "root.path is missing");
	values.source = path_clean(plan, bundle, spec->root.path);
	values.destination = "/";
	r = plan_options(plan, spec, bundle, &values, err);
	if (r == 0)
		r = plan_idmap(plan, spec, &values, err);
	if (r < 0)
		return r;
	/* Nothing mounted into the root may reach the host, whatever it is to be at the end. */
	values.propagation = spec_propagation(spec, &recursive) == MS_SLAVE ? MS_SLAVE : MS_PRIVATE;
	values.map_later = values.idmapped && !values.own_map && spec_namespace(spec, "user");
	open = plan_step(plan, &root_open_kind, plan_source_stage(plan), sizeof(*open), origin);
	open->values = values;
	if (values.map_later) {
		idmap = plan_step(plan, &root_idmap_kind, STEP_MAP, sizeof(*idmap), origin);
		idmap->values = values;
	}
	attach = plan_step(plan, &root_attach_kind, STEP_ENTER, sizeof(*attach), origin);
	attach->values = values;
	attach->values.source = path_clean(plan, bundle, spec->root.path);
	attach->own_tree = spec_new_namespace(spec, "user") && spec_new_namespace(spec, "mount");
	attach->host_propagation = MS_SLAVE;
	attach->no_pivot = no_pivot || plan->host->root_is_initramfs;
	return 0;
}

int root_pivot_plan(struct plan *plan, const struct oci_spec *spec, const char *bundle,
		    bool no_pivot, struct err *err)
{
	struct root_step *root = plan_step(plan, &root_pivot_kind, STEP_INSIDE, sizeof(*root),
					   plan_origin(plan, "root"));

	root->values.source = path_clean(plan, bundle, spec->root.path ? spec->root.path : "/");
	root->readonly = spec->root.readonly;
	root->idmapped = oci_map_find(&spec->annotations, ANNOTATION_ROOTFS_IDMAP) != NULL;
	root->propagation =
		spec_propagation(spec, &root->propagation_recursive) & (MS_SHARED | MS_UNBINDABLE);
	root->no_pivot = no_pivot || plan->host->root_is_initramfs;
	return 0;
}
