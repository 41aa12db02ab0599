#include "ns/spec_help.h"

#include "lib/json.h"
#include "lib/plan.h"
#include "oci/spec.h"

#include <linux/mount.h>
#include <string.h>

static bool is_dots(const char *start, size_t length, size_t dots)
{
	return length == dots && strncmp(start, "..", dots) == 0;
}

const char *path_clean(struct plan *plan, const char *base, const char *path)
{
	const char *rest = *path == '/' ? path : arena_printf(&plan->arena, "%s/%s", base, path);
	char *clean = arena_alloc(&plan->arena, strlen(rest) + 2);
	size_t end = 0;

	while (*rest) {
		size_t length = strcspn(rest, "/");

		if (is_dots(rest, length, 2)) {
			while (end > 0 && clean[--end] != '/')
				;
		} else if (length > 0 && !is_dots(rest, length, 1)) {
			clean[end++] = '/';
			memcpy(clean + end, rest, length);
			end += length;
		}
		rest += length + (rest[length] == '/');
	}
	clean[end] = '\0';
	if (end == 0)
		strcpy(clean, "/");
	return clean;
}

const char *path_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (strcmp(folder, "/") == 0 || strncmp(path, folder, length) != 0 || path[length] != '/')
		return NULL;
	return path + length;
}

struct idmap idmap_of(struct plan *plan, const struct oci_id_mappings *mappings)
{
	struct idmap map = {
		.count = mappings->count,
		.ranges = arena_array(&plan->arena, mappings->count, sizeof(*map.ranges)),
	};

	for (size_t i = 0; i < mappings->count; i++)
		map.ranges[i] = (struct idmap_range){
			.inside = mappings->items[i].container_id,
			.outside = mappings->items[i].host_id,
			.count = mappings->items[i].size,
		};
	return map;
}

static const struct oci_namespace *namespace_of(const struct oci_spec *spec, const char *type)
{
	for (size_t i = 0; i < spec->linux.namespaces.count; i++)
		if (strcmp(spec->linux.namespaces.items[i].type, type) == 0)
			return &spec->linux.namespaces.items[i];
	return NULL;
}

bool spec_namespace(const struct oci_spec *spec, const char *type)
{
	return namespace_of(spec, type) != NULL;
}

bool spec_new_namespace(const struct oci_spec *spec, const char *type)
{
	const struct oci_namespace *ns = namespace_of(spec, type);

	return ns && !ns->path;
}

static const char *annotation(const struct oci_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->annotations.count; i++)
		if (strcmp(spec->annotations.items[i].name, name) == 0)
			return spec->annotations.items[i].value;
	return NULL;
}

int spec_annotation(struct plan *plan, const struct oci_spec *spec, const char *name,
		    const struct json **json, struct err *err)
{
	const char *text = annotation(spec, name);

	*json = NULL;
	return text ? json_read(&plan->arena, name, text, strlen(text), json, err) : 0;
}

static const struct {
	const char *word;
	unsigned long bit;
} propagations[] = {
	{"private", MS_PRIVATE},
	{"shared", MS_SHARED},
	{"slave", MS_SLAVE},
	{"unbindable", MS_UNBINDABLE},
};

unsigned long spec_propagation(const struct oci_spec *spec, bool *recursive)
{
	const char *word = spec->linux.rootfs_propagation;

	*recursive = word && *word == 'r';
	for (size_t i = 0; word && i < ARRAY_SIZE(propagations); i++)
		if (strcmp(word + *recursive, propagations[i].word) == 0)
			return propagations[i].bit;
	return 0;
}
