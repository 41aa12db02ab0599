#pragma once

#include <stddef.h>

struct arena;

/* Lists are {size_t count; item *items;}, whose items live in an arena. */

/** list_room() - room for one more item at the end of a list, zeroed; grows in powers of two. */
void *list_room(struct arena *arena, void **items, size_t *count, size_t item_size);

/* list_push(arena, &spec->mounts): a pointer to a new, zeroed last item. */
#define list_push(arena, list)                                                                     \
	({                                                                                         \
		__auto_type list_ = (list);                                                        \
		void *items_ = list_->items;                                                       \
		void *item_ = list_room((arena), &items_, &list_->count, sizeof(*list_->items));   \
		list_->items = items_;                                                             \
		(__typeof__(list_->items))item_;                                                   \
	})
