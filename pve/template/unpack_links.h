#pragma once

#include "lib/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct archive_entry;

/*
 * Which members need no look for links on their way. The library asks the kernel about each part of
 * the way to each member, half of all that it asks; once for the files of one folder is enough,
 * where none of them has the name of a link that was extracted before.
 */

struct unpack_links {
	struct arena arena;
	/* The folder that the last member went to: there was no link on the way to it, and none
	 * has come since. NULL: not known. */
	const char *folder;
	/* Hashes of the paths of all links, symbolic and hard, 0 for none. Two paths with one hash
	 * cost a look too many. */
	uint64_t *links;
	size_t count, room;
};

/** unpack_links_known() - is @entry a file that needs no look? */
bool unpack_links_known(const struct unpack_links *links, struct archive_entry *entry);

/** unpack_links_note() - @entry is there. */
void unpack_links_note(struct unpack_links *links, struct archive_entry *entry);
