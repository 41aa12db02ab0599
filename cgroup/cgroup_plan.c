#include "cgroup/cgroup.h"
#include "cgroup/devices.h"
#include "cgroup/limits.h"
#include "cgroup/place.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <limits.h>
#include <string.h>

/* Turned on for statistics and the OOM counter where there is no limit either. */
enum { STATISTICS = CONTROLLER_MEMORY | CONTROLLER_PIDS | CONTROLLER_CPU | CONTROLLER_IO };

/* With the mount point, an inner cgroup and a file's name behind it, it has to be one path. */
enum { LONGEST_PATH = PATH_MAX - 1024 };

static void create_describe(const struct step *step, struct text *text)
{
	const struct cgroup_create_step *create =
		container_of(step, struct cgroup_create_step, step);

	place_describe(&create->place, text);
	if (create->place.inner)
		text_addf(text, ", processes in %s", create->place.inner);
}

static void create_write(const struct step *step, struct json_out *out)
{
	const struct cgroup_create_step *create =
		container_of(step, struct cgroup_create_step, step);

	place_write(&create->place, out);
	json_out_array(out, "controllers");
	for (const struct controller_name *c = controller_names; c->name; c++)
		if ((create->needed | create->wanted) & c->bit)
			json_out_string(out, NULL, c->name);
	json_out_end(out);
}

static void owner_describe(const struct step *step, struct text *text)
{
	const struct cgroup_owner_step *owner = container_of(step, struct cgroup_owner_step, step);

	place_describe(&owner->place, text);
	if (owner->place.inner)
		text_addf(text, "/%s", owner->place.inner);
	text_addf(text, " is governed by uid %u", owner->uid);
}

static void owner_write(const struct step *step, struct json_out *out)
{
	const struct cgroup_owner_step *owner = container_of(step, struct cgroup_owner_step, step);

	place_write(&owner->place, out);
	json_out_u64(out, "uid", owner->uid);
	if (owner->gid != (gid_t)-1)
		json_out_u64(out, "gid", owner->gid);
}

const struct step_kind cgroup_create_kind = {
	.name = "cgroup.create",
	.describe = create_describe,
	.write = create_write,
	.apply = cgroup_create_apply,
	.undo = cgroup_create_undo,
	.notes_itself = true,
	.observe = cgroup_create_observe,
};

/* No undo: the owner goes with the directory. */
const struct step_kind cgroup_owner_kind = {
	.name = "cgroup.owner",
	.describe = owner_describe,
	.write = owner_write,
	.apply = cgroup_owner_apply,
	.observe = cgroup_owner_observe,
};

/* No way up, no empty names, not the whole tree. */
static int check_path(const char *what, const char *path, bool one_name, struct err *err)
{
	cleanup_free char *copy = strdup(path);
	char *rest = copy, *name;
	size_t names = 0;

	if (!copy)
		return err_set(err, -ENOMEM, "%s", what);
	while ((name = strsep(&rest, "/"))) {
		if (strcmp(name, "..") == 0 || strcmp(name, ".") == 0)
			return err_wrong(err, "write it as a path without . and ..",
					 "%s: \"%s\" has a \"%s\" in it", what, path, name);
		names += *name != '\0';
	}
	if (names == 0 || (one_name && (names > 1 || strchr(path, '/'))))
		return err_plain(err, -EINVAL, "%s: \"%s\" is no name of a cgroup", what, path);
	if (!one_name && strchr(path, ':') && !strchr(path, '/')) {
		err_plain(err, -EINVAL, "%s: \"%s\" is systemd's form, slice:prefix:name", what,
			  path);
		err_hint(err, "use the cgroup manager systemd, or give a path");
		return -EINVAL;
	}
	return 0;
}

/* One slash before each name, none at the end. */
static const char *tidy_path(struct arena *arena, const char *path)
{
	char *tidy = arena_alloc(arena, strlen(path) + 2), *to = tidy;

	for (const char *from = path; *from;) {
		size_t length = strcspn(from, "/");

		if (length > 0) {
			*to++ = '/';
			memcpy(to, from, length);
			to += length;
		}
		from += length + (from[length] == '/');
	}
	return tidy;
}

int place_inner(const struct oci_spec *spec, struct cgroup_place *place, struct err *err)
{
	place->inner = oci_map_find(&spec->annotations, ANNOTATION_CGROUP_INNER);
	return place->inner ? check_path(ANNOTATION_CGROUP_INNER, place->inner, true, err) : 0;
}

static int find_place(struct plan *plan, const struct oci_spec *spec, const char *id,
		      struct cgroup_place *place, struct err *err)
{
	const char *path = spec->linux.cgroups_path;
	bool root = plan->host->uid == 0 && plan->host->initial_userns;
	int r;

	if (!path || !*path)
		path = arena_printf(&plan->arena, root ? "/pctrun/%s" : "pctrun/%s", id);
	r = check_path("linux.cgroupsPath", path, false, err);
	if (r == 0 && strlen(path) > LONGEST_PATH)
		r = err_wrong(err, "give a shorter one", "the path is longer than %d bytes",
			      LONGEST_PATH);
	if (r < 0)
		err_origin(err, plan_origin(plan, "linux.cgroupsPath"));
	if (r == 0)
		r = place_inner(spec, place, err);
	if (r < 0)
		return r;
	place->mount = plan->host->cgroup_root;
	place->below_own = path[0] != '/' && !root;
	place->path = tidy_path(&plan->arena, path);
	return 0;
}

/* Return: -1 when the container has no such id, or nobody said which it is. */
static long host_id(const struct oci_spec *spec, const struct oci_id_mappings *mappings,
		    uint32_t id)
{
	if (!oci_namespace_find(spec, "user"))
		return id;
	for (size_t i = 0; i < mappings->count; i++) {
		const struct oci_id_mapping *m = &mappings->items[i];

		if (id >= m->container_id && id - m->container_id < m->size)
			return (long)m->host_id + (id - m->container_id);
	}
	return -1;
}

static bool mounts_cgroup_writable(const struct oci_spec *spec)
{
	for (size_t i = 0; i < spec->mounts.count; i++) {
		const struct oci_mount *mount = &spec->mounts.items[i];
		bool read_only = false;

		if (!mount->destination || strcmp(mount->destination, "/sys/fs/cgroup") != 0 ||
		    !mount->type || strncmp(mount->type, "cgroup", strlen("cgroup")) != 0)
			continue;
		for (size_t k = 0; k < mount->options.count; k++)
			read_only |= strcmp(mount->options.items[k], "ro") == 0;
		return !read_only;
	}
	return false;
}

/*
 * Who governs the cgroup inside (config-linux.md, "Cgroup ownership"): only with a cgroup namespace
 * of its own, so that nothing above can be seen. An inner cgroup says by itself that it is meant
 * for the container.
 */
static void plan_owner(struct plan *plan, const struct oci_spec *spec,
		       const struct cgroup_place *place)
{
	const struct oci_namespace *cgroup_ns = oci_namespace_find(spec, "cgroup");
	uint32_t id = spec->process ? spec->process->user.uid : 0;
	long uid = host_id(spec, &spec->linux.uid_mappings, id);
	long gid = host_id(spec, &spec->linux.gid_mappings, 0);
	const char *member =
		oci_namespace_find(spec, "user") ? "linux.uidMappings" : "process.user";
	struct cgroup_owner_step *owner;

	if (!cgroup_ns || cgroup_ns->path || uid < 0)
		return;
	if (!oci_namespace_find(spec, "user") && (uid_t)uid == plan->host->uid)
		return; /* it is already */
	if (!place->inner && !mounts_cgroup_writable(spec))
		return;
	owner = plan_step(plan, &cgroup_owner_kind, STEP_PREPARE, sizeof(*owner),
			  plan_origin(plan, "%s", member));
	owner->place = *place;
	owner->uid = (uid_t)uid;
	owner->gid = (gid_t)-1;
	if (place->inner && gid >= 0) {
		owner->gid = (gid_t)gid;
		owner->group_too = true;
	}
}

int cgroup_contents_plan(const struct limits_request *request, const struct oci_spec *spec,
			 uint32_t *needed, struct err *err)
{
	int r;

	r = limits_plan(request, spec->linux.resources, needed, err);
	if (r == 0)
		r = devices_plan(request->plan, request->place, spec->linux.resources, err);
	if (r == 0)
		plan_owner(request->plan, spec, request->place);
	return r;
}

/* What an ordinary user gets whose own cgroup nobody has given it. */
static int plan_none(struct plan *plan, const struct oci_spec *spec,
		     const struct cgroup_place *place, const char *origin, struct err *err)
{
	const struct limits_request request = {
		.plan = plan,
		.place = place,
		.refused = "the caller may not make cgroups below its own"};
	uint32_t needed = 0;

	if (spec->linux.cgroups_path && *spec->linux.cgroups_path)
		plan_missing(plan, "cgroup", origin, "cgroup %s: %s", place->path, request.refused);
	return limits_plan(&request, spec->linux.resources, &needed, err);
}

static int plan_cgroup(struct plan *plan, const struct oci_spec *spec,
		       const struct cgroup_place *place, const char *origin, struct err *err)
{
	const struct limits_request request = {.plan = plan, .place = place};
	struct cgroup_create_step *create =
		plan_step(plan, &cgroup_create_kind, STEP_PREPARE, sizeof(*create), origin);

	create->place = *place;
	create->wanted =
		place->inner ? plan->host->controllers : STATISTICS & plan->host->controllers;
	return cgroup_contents_plan(&request, spec, &create->needed, err);
}

int cgroup_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err)
{
	const char *origin = plan_origin(plan, "linux.cgroupsPath");
	struct cgroup_place place = {};
	int r;

	if (!plan->host->cgroup_root) {
		if (spec->linux.cgroups_path || spec->linux.resources)
			plan_missing(plan, "cgroup", origin,
				     "cgroup version 2 is not mounted here");
		return 0;
	}
	r = find_place(plan, spec, id, &place, err);
	if (r < 0)
		return r;
	return place.below_own && !plan->host->own_cgroup_writable
		       ? plan_none(plan, spec, &place, origin, err)
		       : plan_cgroup(plan, spec, &place, origin, err);
}
