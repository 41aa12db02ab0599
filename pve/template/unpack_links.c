#include "pve/template/unpack_links.h"

#include <archive_entry.h>
#include <string.h>

enum { ROOM_FIRST = 1024 };

static bool is_link(struct archive_entry *entry)
{
	return archive_entry_filetype(entry) == AE_IFLNK || archive_entry_hardlink(entry);
}

/* -------------------------------------------------------------------------------- their names */

/* FNV-1a, never 0 */
static uint64_t hash(const char *path)
{
	uint64_t value = 0xcbf29ce484222325;

	for (; *path; path++)
		value = (value ^ (unsigned char)*path) * 0x100000001b3;
	return value ? value : 1;
}

/* Where it is, or would be: there is always room. */
static uint64_t *find(const struct unpack_links *links, uint64_t value)
{
	size_t at = value & (links->room - 1);

	while (links->links[at] && links->links[at] != value)
		at = (at + 1) & (links->room - 1);
	return &links->links[at];
}

static void make_room(struct unpack_links *links)
{
	const struct unpack_links old = *links;

	links->room = old.room ? 2 * old.room : ROOM_FIRST;
	links->links = arena_array(&links->arena, links->room, sizeof(*links->links));
	for (size_t i = 0; i < old.room; i++)
		if (old.links[i])
			*find(links, old.links[i]) = old.links[i];
}

static void add(struct unpack_links *links, const char *path)
{
	uint64_t value = hash(path), *place;

	if (2 * links->count >= links->room)
		make_room(links);
	place = find(links, value);
	links->count += *place == 0;
	*place = value;
}

static bool has(const struct unpack_links *links, const char *path)
{
	return links->room && *find(links, hash(path));
}

/* ------------------------------------------------------------------------------- their folders */

static size_t folder_length(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? (size_t)(slash - name) : 0;
}

static bool is_same_folder(const struct unpack_links *links, const char *name)
{
	size_t length = folder_length(name);

	return links->folder && strlen(links->folder) == length &&
	       strncmp(links->folder, name, length) == 0;
}

bool unpack_links_known(const struct unpack_links *links, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	return archive_entry_filetype(entry) == AE_IFREG && !is_link(entry) &&
	       is_same_folder(links, name) && !has(links, name);
}

void unpack_links_note(struct unpack_links *links, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	if (is_link(entry)) {
		add(links, name);
		links->folder = NULL;
	} else if (!is_same_folder(links, name)) {
		links->folder = arena_strndup(&links->arena, name, folder_length(name));
	}
}
