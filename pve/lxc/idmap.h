#pragma once

#include "oci/spec.h"

/*
 * Which ids of the host stand for which ids of the container: the default of unprivileged
 * containers, raw lxc.idmap lines, and the map of one mount. Pure.
 */

struct idmap {
	struct oci_id_mappings uid, gid;
};

/** idmap_default() - the one of `unprivileged: 1`: 65536 ids from 100000 up, uids and gids. */
void idmap_default(struct arena *arena, struct idmap *map);

/**
 * idmap_line_read() - add what an lxc.idmap line says
 * @line: "u 0 100000 65536": u or g, first id inside, first id on the host, count
 * Return: 0; -EINVAL
 */
int idmap_line_read(struct arena *arena, const char *line, struct idmap *map, struct err *err);

/** idmap_has() - is there a user namespace at all? */
bool idmap_has(const struct idmap *map);

/**
 * idmap_overlap() - look for two ranges that share an id, inside or on the host
 * Return: words about the first pair found, in @arena: "u 0 100000 10 and u 5 200000 10 both map
 * id 5 inside"; NULL if there is none. The kernel refuses such a map.
 */
const char *idmap_overlap(struct arena *arena, const struct idmap *map);

/**
 * idmap_free() - what the last range of a kind could be instead, so that it meets no other
 * @type: 'u' or 'g'
 * Return: words for people, in @arena: "write u 1000 101000 1000, behind all other ranges"
 */
const char *idmap_free(struct arena *arena, const struct idmap *map, char type);

/** idmap_has_root() - does a range have the container's id 0? */
bool idmap_has_root(const struct oci_id_mappings *ranges);

/**
 * idmap_root_line() - what gives the container an id 0, and those up to its first range
 * @ranges: one at least, none with id 0
 * @type: 'u' or 'g'
 * Return: words for people, in @arena: "add lxc.idmap: u 0 165536 1"
 */
const char *idmap_root_line(struct arena *arena, const struct oci_id_mappings *ranges, char type);

/** idmap_root() - the host id of the container's id 0; 0 unless a range starts with it. */
uint32_t idmap_root(const struct oci_id_mappings *mappings);

/** idmap_to_inside() - the id that host id @id stands for; @id itself when nothing maps it. */
uint32_t idmap_to_inside(const struct oci_id_mappings *mappings, uint32_t id);

/**
 * idmap_mount_read() - the map of one mount from the idmap= of rootfs or mpN
 * @text: "passthrough", or "u:CONTAINER:DISK:COUNT" entries with ';' between
 * @container: the container's own map
 * @map: id on the disk (container_id) to id on the host (host_id), for a user namespace that
 *	mount_setattr(2) takes; written on success only
 *
 * Ids of the container that no entry names keep the disk ids they have without a map, which are
 * those of the host. Parts of entries outside the container's map are passed over.
 * Return: 0; -EINVAL when @text is none, or two entries share an id.
 */
int idmap_mount_read(struct arena *arena, const char *text, const struct idmap *container,
		     struct idmap *map, struct err *err);
