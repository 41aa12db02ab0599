#include "pve/guest/guest.h"

#include "lib/text.h"

#include <string.h>

/* Lines of passwd(5) and group(5) begin alike: NAME:x:ID: */

static bool read_line(const char *line, size_t length, const char *name, unsigned int *id)
{
	cleanup_(arena_free) struct arena arena = {};
	char *rest = arena_strndup(&arena, line, length);
	const char *found = strsep(&rest, ":"), *number;

	if (!rest || strcmp(found, name) != 0)
		return false;
	(void)strsep(&rest, ":");
	number = strsep(&rest, ":");
	return number && parse_u32(number, id) == 0;
}

int guest_id(const struct guest *guest, const char *path, const char *name, unsigned int *id)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *line = guest_read(&arena, guest, path);

	if (parse_u32(name, id) == 0)
		return 0;
	for (; line && *line; line += strspn(line, "\n")) {
		size_t length = strcspn(line, "\n");

		if (read_line(line, length, name, id))
			return 0;
		line += length;
	}
	return -ENOENT;
}
