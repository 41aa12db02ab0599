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

void *list_copy(struct arena *arena, const void *items, size_t count, size_t item_size)
{
	void *copy = arena_array(arena, count + 1, item_size);

	if (count)
		memcpy(copy, items, count * item_size);
	return copy;
}
