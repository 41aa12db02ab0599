#pragma once

#include <stddef.h>

struct arena;

/* Lists are {size_t count; item *items;}, whose items live in an arena. */

/** list_room() - room for one more item at the end of a list, zeroed; grows in powers of two. */
void *list_room(struct arena *arena, void **items, size_t *count, size_t item_size);

/** list_copy() - the items of a list in memory of their own, with zeroed room for one more. */
void *list_copy(struct arena *arena, const void *items, size_t count, size_t item_size);

/* list_push(arena, &facts->volumes): a pointer to a new, zeroed last item. It knows by the count
 * whether there is room: only for lists that it has made from the first item on (to others it
 * writes behind their end), by one struct alone (two copies overwrite each other's last items). */
#define list_push(arena, list)                                                                     \
	({                                                                                         \
		__auto_type list_ = (list);                                                        \
		void *items_ = list_->items;                                                       \
		void *item_ = list_room((arena), &items_, &list_->count, sizeof(*list_->items));   \
		list_->items = items_;                                                             \
		(__typeof__(list_->items))item_;                                                   \
	})

/* list_extend(arena, &spec->mounts): the same for a list that is part of a document, or shared: of
 * a copy, the old items stay as they are. */
#define list_extend(arena, list)                                                                   \
	({                                                                                         \
		__auto_type list_ = (list);                                                        \
		list_->items =                                                                     \
			list_copy((arena), list_->items, list_->count, sizeof(*list_->items));     \
		&list_->items[list_->count++];                                                     \
	})
