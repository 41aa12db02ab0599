#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* user_namespaces(7): which ids inside a user namespace are which outside. */
struct idmap_range {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

struct idmap {
	size_t count;
	struct idmap_range *ranges;
};

/** idmap_outside() - what @inside is outside. Return: false where it is nobody. */
static inline int idmap_outside(const struct idmap *map, uint32_t inside, uint32_t *outside)
{
	for (size_t i = 0; i < map->count; i++) {
		uint32_t offset = inside - map->ranges[i].inside;

		if (inside < map->ranges[i].inside || offset >= map->ranges[i].count)
			continue;
		*outside = map->ranges[i].outside + offset;
		return 1;
	}
	return 0;
}

/** idmap_inside() - what @outside is inside. Return: false where it is nobody. */
bool idmap_inside(const struct idmap *map, uint32_t outside, uint32_t *inside);

struct arena;
struct text;

/** idmap_read() - the lines that uid_map and gid_map of /proc/PID have; ranges live in @arena. */
void idmap_read(struct arena *arena, const char *text, struct idmap *map);

/** idmap_text() - the lines that uid_map and gid_map of /proc/PID take. */
void idmap_text(const struct idmap *map, struct text *text);

/**
 * userns_fd_for() - a user namespace with these maps and no process in it
 *
 * For id-mapped mounts: mount_setattr(2) reads the maps of the namespace it is given and does not
 * care whose it is. Context: host side, with CAP_SETUID and CAP_SETGID over the present one.
 * Return: a descriptor, or a negative errno.
 */
int userns_fd_for(const struct idmap *uid, const struct idmap *gid, struct err *err);
