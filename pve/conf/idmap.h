#pragma once

struct arena;
struct err;
struct idmap;
struct pve_section;

/**
 * conf_idmap() - the map of a container's user namespace: its lxc.idmap lines, else the default
 * @map: in @arena; empty: it has none
 * Return: 0; -EINVAL for a line that is none, ranges that share an id, uids without gids.
 */
int conf_idmap(struct arena *arena, const struct pve_section *section, struct idmap *map,
	       struct err *err);
