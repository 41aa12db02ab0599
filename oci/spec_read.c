#include "oci/spec.h"

#include "oci/spec_members.h"

#include <string.h>

int oci_spec_read(struct arena *arena, const char *name, const char *text, size_t length,
		  struct oci_spec *spec, struct err *err)
{
	*spec = (struct oci_spec){};
	return members_read_text(arena, oci_spec_members, name, text, length, spec, err);
}

int oci_process_read(struct arena *arena, const char *name, const char *text, size_t length,
		     struct oci_process *process, struct err *err)
{
	*process = (struct oci_process){};
	return members_read_text(arena, oci_process_members, name, text, length, process, err);
}

int oci_resources_read(struct arena *arena, const char *name, const char *text, size_t length,
		       struct oci_resources *resources, struct err *err)
{
	*resources = (struct oci_resources){};
	return members_read_text(arena, oci_resources_members, name, text, length, resources, err);
}

void oci_resources_merge(const struct oci_resources *changes, struct oci_resources *resources)
{
	members_merge(oci_resources_members, changes, resources);
}

const char *oci_map_find(const struct oci_map *map, const char *name)
{
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->items[i].name, name) == 0)
			return map->items[i].value;
	return NULL;
}

const struct oci_namespace *oci_namespace_find(const struct oci_spec *spec, const char *type)
{
	for (size_t i = 0; i < spec->linux.namespaces.count; i++)
		if (strcmp(spec->linux.namespaces.items[i].type, type) == 0)
			return &spec->linux.namespaces.items[i];
	return NULL;
}
