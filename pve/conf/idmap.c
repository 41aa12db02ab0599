#include "pve/conf/idmap.h"

#include "lib/err.h"
#include "pve/conf/conf.h"
#include "pve/lxc/idmap.h"

#include <string.h>

static int read_lines(struct arena *arena, const struct pve_section *section, struct idmap *map,
		      struct err *err)
{
	int r = 0;

	for (const struct pve_entry *at = section->raw.first; at && r == 0; at = at->next)
		if (strcmp(at->key, "lxc.idmap") == 0 || strcmp(at->key, "lxc.id_map") == 0)
			r = idmap_line_read(arena, at->value, map, err);
	return r;
}

int conf_idmap(struct arena *arena, const struct pve_section *section, struct idmap *map,
	       struct err *err)
{
	const char *overlap;
	int r;

	*map = (struct idmap){};
	if (!conf_unprivileged(section))
		return 0;
	r = read_lines(arena, section, map, err);
	if (r < 0)
		return r;
	if (!idmap_has(map))
		idmap_default(arena, map);
	overlap = idmap_overlap(arena, map);
	if (!overlap && map->uid.count && map->gid.count)
		return 0;
	return err_plain(err, -EINVAL, "%s", overlap ? overlap : "uids and gids need a line each");
}
