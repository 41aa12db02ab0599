#include "lib/list.h"

#include "lib/arena.h"

#include <string.h>

void *list_room(struct arena *arena, void **items, size_t *count, size_t item_size)
{
	if ((*count & (*count - 1)) == 0) {
		void *bigger = arena_array(arena, *count ? 2 * *count : 1, item_size);

		if (*count)
			memcpy(bigger, *items, *count * item_size);
		*items = bigger;
	}
	return (char *)*items + (*count)++ * item_size;
}
