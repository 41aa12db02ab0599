#include "lib/text.h"
#include "lib/userns.h"
#include "ns/userns.h"

void idmap_text(const struct idmap *map, struct text *text)
{
	for (size_t i = 0; i < map->count; i++)
		text_addf(text, "%u %u %u\n", map->ranges[i].inside, map->ranges[i].outside,
			  map->ranges[i].count);
}

int userns_fd_for(const struct idmap *uid, const struct idmap *gid, struct err *err)
{
	cleanup_(text_free) struct text uid_map = {}, gid_map = {};

	idmap_text(uid, &uid_map);
	idmap_text(gid, &gid_map);
	return userns_new(text_str(&uid_map), text_str(&gid_map), err);
}
