#include "ns/spec_help.h"
#include "lib/err.h"

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
		memcpy(clean, "/", sizeof("/"));
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

/* mount_setattr(2): it takes CAP_SYS_ADMIN over the file system, so the host's root. */
int idmap_mount_check(const struct plan *plan, const char *destination, struct err *err)
{
	if (!plan->host->ordinary)
		return 0;
	return err_plain(err, -EPERM, "mount on %s: an ordinary user can't map its ids",
			 destination);
}

bool spec_namespace(const struct oci_spec *spec, const char *type)
{
	return oci_namespace_find(spec, type) != NULL;
}

bool spec_new_namespace(const struct oci_spec *spec, const char *type)
{
	const struct oci_namespace *ns = oci_namespace_find(spec, type);

	return ns && !(ns->path && *ns->path);
}

int spec_annotation(struct plan *plan, const struct oci_spec *spec, const char *name,
		    const struct json **json, struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, name);

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

const struct oci_mount *spec_mount(const struct oci_spec *spec, const char *destination)
{
	for (size_t i = spec->mounts.count; i > 0; i--)
		if (strcmp(spec->mounts.items[i - 1].destination, destination) == 0)
			return &spec->mounts.items[i - 1];
	return NULL;
}

bool mount_says(const struct oci_mount *mount, const char *word)
{
	for (size_t i = 0; mount && i < mount->options.count; i++)
		if (strcmp(mount->options.items[i], word) == 0)
			return true;
	return false;
}
