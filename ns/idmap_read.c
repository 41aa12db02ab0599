#include "lib/arena.h"
#include "ns/userns.h"

#include <stdio.h>
#include <string.h>

void idmap_read(struct arena *arena, const char *text, struct idmap *map)
{
	size_t lines = 1;

	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	*map = (struct idmap){.ranges = arena_array(arena, lines, sizeof(*map->ranges))};
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		struct idmap_range *range = &map->ranges[map->count];

		map->count += sscanf(text, "%u %u %u", &range->inside, &range->outside,
				     &range->count) == 3;
	}
}

bool idmap_inside(const struct idmap *map, uint32_t outside, uint32_t *inside)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct idmap_range *range = &map->ranges[i];

		if (outside < range->outside || outside - range->outside >= range->count)
			continue;
		*inside = range->inside + (outside - range->outside);
		return true;
	}
	return false;
}
