#include "oci/spec.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "oci/annotations.h"
#include "oci/check.h"

#include <limits.h>
#include <string.h>

#define VERSION_LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.+"

enum { VERSION_DIGITS = 9 };

/* What the document says against itself; what the host can't do is planning's affair. */

/* semver.org: three numbers; "-" begins a pre-release, "+" build metadata. */
static bool is_version(const char *text)
{
	const char *at = text;

	for (int part = 0; part < 3; part++) {
		size_t digits;

		if (part > 0 && *at++ != '.')
			return false;
		digits = strspn(at, "0123456789");
		if (digits == 0 || digits > VERSION_DIGITS)
			return false;
		at += digits;
	}
	if (!*at)
		return true;
	return (*at == '-' || *at == '+') && at[1] &&
	       strspn(at + 1, VERSION_LETTERS) == strlen(at + 1);
}

static int check_version(const struct oci_spec *spec, struct err *err)
{
	if (!is_version(spec->oci_version))
		return err_plain(err, -EINVAL, "ociVersion: '%s' is no version (like 1.2.0)",
				 spec->oci_version);
	if (strtoul(spec->oci_version, NULL, 10) > 1)
		return err_plain(err, -EINVAL,
				 "ociVersion: %s is newer than this runtime knows (1.x)",
				 spec->oci_version);
	return 0;
}

static bool has_namespace(const struct oci_spec *spec, const char *type)
{
	return oci_namespace_find(spec, type) != NULL;
}

static bool is_new(const struct oci_spec *spec, const char *type)
{
	const struct oci_namespace *namespace = oci_namespace_find(spec, type);

	return namespace && !(namespace->path && *namespace->path);
}

static int check_namespaces(const struct oci_spec *spec, struct err *err)
{
	const struct oci_namespace *items = spec->linux.namespaces.items;

	for (size_t i = 0; i < spec->linux.namespaces.count; i++) {
		int r = oci_item_check("linux.namespaces", i, ".type", items[i].type,
				       oci_words_namespace, err);

		if (r < 0)
			return r;
		if (items[i].path && *items[i].path && items[i].path[0] != '/')
			return err_plain(err, -EINVAL,
					 "linux.namespaces[%zu].path: '%s' is not absolute", i,
					 items[i].path);
		for (size_t j = 0; j < i; j++)
			if (strcmp(items[i].type, items[j].type) == 0)
				return err_plain(err, -EINVAL,
						 "linux.namespaces[%zu].type: '%s' is there twice",
						 i, items[i].type);
	}
	return 0;
}

static int check_needs(const struct oci_spec *spec, struct err *err)
{
	const struct oci_linux *linux = &spec->linux;
	const struct {
		bool asked;
		const char *path, *type;
	} needs[] = {
		{spec->hostname && *spec->hostname, "hostname", "uts"},
		{spec->domainname && *spec->domainname, "domainname", "uts"},
		{linux->masked_paths.count > 0, "linux.maskedPaths", "mount"},
		{linux->readonly_paths.count > 0, "linux.readonlyPaths", "mount"},
		{linux->uid_mappings.count > 0, "linux.uidMappings", "user"},
		{linux->gid_mappings.count > 0, "linux.gidMappings", "user"},
		{linux->net_devices.count > 0, "linux.netDevices", "network"},
		{spec->mounts.count > 0, "mounts", "mount"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(needs); i++)
		if (needs[i].asked && !has_namespace(spec, needs[i].type))
			return err_plain(err, -EINVAL,
					 "%s: needs a %s namespace in linux.namespaces",
					 needs[i].path, needs[i].type);
	if ((linux->time_offsets.monotonic.set || linux->time_offsets.boottime.set) &&
	    !is_new(spec, "time"))
		return err_plain(err, -EINVAL,
				 "linux.timeOffsets: needs a new time namespace in "
				 "linux.namespaces");
	return 0;
}

/* sethostname(2): what the kernel has room for. */
static int check_name(const char *member, const char *name, struct err *err)
{
	if (!name || strlen(name) <= HOST_NAME_MAX)
		return 0;
	return err_plain(err, -EINVAL, "%s: is longer than %d bytes", member, HOST_NAME_MAX);
}

static bool has_root(const struct oci_id_mappings *ranges)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->items[i].container_id == 0)
			return true;
	return false;
}

/* Of a new user namespace: everything in there is made by its root. */
static int check_maps(const struct oci_spec *spec, struct err *err)
{
	const struct {
		const struct oci_id_mappings *ranges;
		const char *path;
	} maps[] = {
		{&spec->linux.uid_mappings, "linux.uidMappings"},
		{&spec->linux.gid_mappings, "linux.gidMappings"},
	};

	if (!is_new(spec, "user"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		if (maps[i].ranges->count == 0)
			return err_plain(err, -EINVAL,
					 "%s: user namespaces enabled, but no mappings found",
					 maps[i].path);
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		if (!has_root(maps[i].ranges))
			return err_wrong(err, "add a range with the containerID 0",
					 "%s: has no id 0, which the container is made by",
					 maps[i].path);
	return 0;
}

static bool has_word(const struct oci_strings *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->items[i], word) == 0)
			return true;
	return false;
}

static int check_mount(const struct oci_mount *mount, size_t index, struct err *err)
{
	bool bind = has_word(&mount->options, "bind") || has_word(&mount->options, "rbind") ||
		    (mount->type && strcmp(mount->type, "bind") == 0);
	bool uid = mount->uid_mappings.count > 0, gid = mount->gid_mappings.count > 0;

	if (!*mount->destination)
		return err_plain(err, -EINVAL, "mounts[%zu].destination: is empty", index);
	if (uid != gid)
		return err_plain(err, -EINVAL, "mounts[%zu].%s: is missing; both maps or none",
				 index, uid ? "gidMappings" : "uidMappings");
	if (uid && !bind)
		return err_plain(err, -EINVAL,
				 "mounts[%zu].uidMappings: only bind mounts can be id-mapped",
				 index);
	if (bind && (!mount->source || !*mount->source))
		return err_plain(err, -EINVAL, "mounts[%zu].source: a bind mount needs one", index);
	return 0;
}

static int check_hooks(const char *name, const struct oci_hook_list *hooks, struct err *err)
{
	for (size_t i = 0; i < hooks->count; i++) {
		if (hooks->items[i].path[0] != '/')
			return err_plain(err, -EINVAL, "hooks.%s[%zu].path: '%s' is not absolute",
					 name, i, hooks->items[i].path);
		if (hooks->items[i].timeout.set && hooks->items[i].timeout.value <= 0)
			return err_plain(err, -EINVAL, "hooks.%s[%zu].timeout: has to be above 0",
					 name, i);
	}
	return 0;
}

static int check_all_hooks(const struct oci_hooks *hooks, struct err *err)
{
	int r;

	r = check_hooks("prestart", &hooks->prestart, err);
	if (r == 0)
		r = check_hooks("createRuntime", &hooks->create_runtime, err);
	if (r == 0)
		r = check_hooks("createContainer", &hooks->create_container, err);
	if (r == 0)
		r = check_hooks("startContainer", &hooks->start_container, err);
	if (r == 0)
		r = check_hooks("poststart", &hooks->poststart, err);
	return r < 0 ? r : check_hooks("poststop", &hooks->poststop, err);
}

static int check_all(const struct oci_spec *spec, struct err *err)
{
	int r;

	r = check_version(spec, err);
	if (r == 0 && (!spec->root.path || !*spec->root.path))
		r = err_plain(err, -EINVAL, "root.path: is missing");
	if (r == 0)
		r = check_namespaces(spec, err);
	if (r == 0)
		r = check_needs(spec, err);
	if (r == 0)
		r = check_name("hostname", spec->hostname, err);
	if (r == 0)
		r = check_name("domainname", spec->domainname, err);
	if (r == 0)
		r = check_maps(spec, err);
	for (size_t i = 0; r == 0 && i < spec->mounts.count; i++)
		r = check_mount(&spec->mounts.items[i], i, err);
	if (r == 0)
		r = check_all_hooks(&spec->hooks, err);
	if (r == 0 && spec->process)
		r = oci_process_check(spec->process, err);
	return r < 0 ? r : oci_values_check(spec, err);
}

/* The config's line, where the document was made of one: a message begins with the member. */
static void name_line(const struct oci_spec *spec, struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_ORIGIN);
	const char *end = err ? strstr(err->what, ": ") : NULL;
	cleanup_(arena_free) struct arena arena = {};
	const struct json *origins;

	if (text && end &&
	    json_read(&arena, ANNOTATION_ORIGIN, text, strlen(text), &origins, NULL) == 0)
		err_origin(err, origin_find(&arena, origins,
					    arena_strndup(&arena, err->what,
							  (size_t)(end - err->what))));
}

int oci_spec_check(const struct oci_spec *spec, struct err *err)
{
	int r = check_all(spec, err);

	if (r < 0)
		name_line(spec, err);
	return r;
}
