#include "runtime/container.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/json_path.h"
#include "lib/plan.h"
#include "runtime/plan.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

int plan_make_here(const struct runtime *runtime, struct plan_request request,
		   const struct oci_spec *spec, struct plan *plan, struct err *err)
{
	struct host *host = arena_alloc(&plan->arena, sizeof(*host));
	int r;

	request.cgroup_manager = runtime->cgroup_manager;
	r = host_probe(&plan->arena, host, err);
	return r < 0 ? r : plan_make(plan, spec, host, &request, err);
}

static const struct json *value_of(struct arena *arena, const char *word)
{
	struct json *string = arena_alloc(arena, sizeof(*string));
	const struct json *value;

	if (json_read(arena, "value", word, strlen(word), &value, NULL) == 0)
		return value;
	*string = (struct json){.type = JSON_STRING, .text = word, .length = strlen(word)};
	return string;
}

static int set_one(struct arena *arena, const char *set, const struct json **root, struct err *err)
{
	const char *equals = strchr(set, '=');
	const char *path = equals ? arena_strndup(arena, set, (size_t)(equals - set)) : "";
	const struct json *changed;

	changed = *path ? json_with(arena, *root, path, value_of(arena, equals + 1)) : NULL;
	if (!changed)
		return err_wrong(err, "write PATH=VALUE: linux.resources.memory.limit=1048576",
				 "--set: '%s' changes no member of the document", set);
	*root = changed;
	return 0;
}

static int set_members(struct arena *arena, const char *const *sets, const char **text,
		       size_t *length, struct err *err)
{
	struct json_out *out;
	const struct json *root;
	int r = json_read(arena, "config.json", *text, *length, &root, err);

	for (; r == 0 && *sets; sets++)
		r = set_one(arena, *sets, &root, err);
	if (r < 0)
		return r;
	out = json_out_new(false);
	json_out_value(out, NULL, root);
	*text = json_out_keep(out, arena);
	*length = strlen(*text);
	return 0;
}

static int read_source(struct arena *arena, const struct plan_source *source, struct oci_spec *spec,
		       struct err *err)
{
	const char *file =
		source->file ? source->file : arena_printf(arena, "%s/config.json", source->bundle);
	const char *text;
	size_t length;
	int r;

	r = file_read(arena, AT_FDCWD, file, 0, &text, &length, err);
	if (r == 0 && source->sets && *source->sets)
		r = set_members(arena, source->sets, &text, &length, err);
	if (r == 0)
		r = oci_spec_read(arena, "config.json", text, length, spec, err);
	return r < 0 ? r : oci_spec_check(spec, err);
}

int container_plan(const struct runtime *runtime, const char *id, const struct plan_source *source,
		   struct plan *plan, struct err *err)
{
	struct arena *arena = &plan->arena;
	struct oci_spec *spec = arena_alloc(arena, sizeof(*spec));
	struct plan_request request = {.id = id};
	char resolved[PATH_MAX];
	int r;

	if (!realpath(source->bundle, resolved))
		return err_set(err, -errno, "bundle %s", source->bundle);
	request.bundle = arena_strdup(arena, resolved);
	r = read_source(arena, source, spec, err);
	return r < 0 ? r : plan_make_here(runtime, request, spec, plan, err);
}

int container_bundle(const struct runtime *runtime, struct arena *arena, const char *id,
		     const char **bundle, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r = record_load(runtime, arena, id, &state_fd, &record, err);

	if (r == 0)
		*bundle = record.bundle;
	return r;
}

int container_plan_spec(const struct runtime *runtime, const char *id, const char *bundle,
			const struct oci_spec *spec, struct plan *plan, struct err *err)
{
	const struct plan_request request = {.id = id, .bundle = bundle};
	int r;

	r = oci_spec_check(spec, err);
	return r < 0 ? r : plan_make_here(runtime, request, spec, plan, err);
}
