#pragma once

#include "ns/userns.h"

#include <stdbool.h>

struct err;
struct json;
struct oci_id_mappings;
struct oci_mount;
struct oci_spec;
struct plan;

/* What several of ns/'s planners ask of a spec. Pure; for _plan.c files. */

/** path_clean() - absolute, without "//", "." and ".."; ".." of "/" is "/". Lives in the plan. */
const char *path_clean(struct plan *plan, const char *base, const char *path);

/** path_below() - what of @path is below @folder: "/a/b", "/a" -> "/b". Return: NULL if nothing. */
const char *path_below(const char *path, const char *folder);

/** idmap_of() - mappings of the spec as a map, in the plan's memory. */
struct idmap idmap_of(struct plan *plan, const struct oci_id_mappings *mappings);

/** idmap_mount_check() - may the caller show a mount through an id map? Return: 0 or -EPERM. */
int idmap_mount_check(const struct plan *plan, const char *destination, struct err *err);

/** spec_namespace() - does the container have a namespace of its own or somebody's of @type? */
bool spec_namespace(const struct oci_spec *spec, const char *type);
/** spec_new_namespace() - is one made for it? */
bool spec_new_namespace(const struct oci_spec *spec, const char *type);

/** spec_annotation() - an annotation's value that is JSON. Return: 0, @json NULL where absent. */
int spec_annotation(struct plan *plan, const struct oci_spec *spec, const char *name,
		    const struct json **json, struct err *err);

/** spec_propagation() - linux.rootfsPropagation: MS_* bit, 0: not given or unknown word. */
unsigned long spec_propagation(const struct oci_spec *spec, bool *recursive);

/** spec_mount() - the last entry of mounts[] on @destination. Return: NULL if there is none. */
const struct oci_mount *spec_mount(const struct oci_spec *spec, const char *destination);

/** mount_says() - is @word one of the mount's options? */
bool mount_says(const struct oci_mount *mount, const char *word);
