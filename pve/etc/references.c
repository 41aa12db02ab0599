#include "pve/etc/references.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/own.h"
#include "pve/etc/etc.h"

#include <fcntl.h>
#include <string.h>

/* Below the config folder; others may name a container in their comments only. */
static const char *const files[] = {"jobs.cfg", "replication.cfg", "ha/resources.cfg"};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Is @id a number of its own in the first @length bytes? Jobs are "local: 100-0". */
static bool names(const char *line, size_t length, const char *id)
{
	size_t size = strlen(id);

	for (size_t i = 0; i + size <= length; i++)
		if (memcmp(line + i, id, size) == 0 && (i == 0 || !is_digit(line[i - 1])) &&
		    (i + size == length || !is_digit(line[i + size])))
			return true;
	return false;
}

static void look_at(struct arena *arena, const struct etc *etc, const char *file, const char *id,
		    void (*found)(void *data, const char *where), void *data)
{
	const char *text;

	if (file_read(arena, AT_FDCWD, arena_printf(arena, "%s/%s", etc->folder, file), 0, &text,
		      NULL, NULL) < 0)
		return;
	for (unsigned int line = 1; *text; line++) {
		size_t length = strcspn(text, "\n");

		if (*text != '#' && names(text, length, id))
			found(data, arena_printf(arena, "%s, line %u", file, line));
		text += length + (text[length] == '\n');
	}
}

void references_each(const struct etc *etc, const char *id,
		     void (*found)(void *data, const char *where), void *data)
{
	cleanup_(arena_free) struct arena arena = {};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		look_at(&arena, etc, files[i], id, found, data);
}
