#include "pve/etc/datacenter.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/own.h"
#include "pve/conf/value.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>

static const struct datacenter_word {
	const char *name;
	size_t offset;
} words[] = {
	{"mac_prefix", offsetof(struct datacenter, mac_prefix)},
	{"tag-style", offsetof(struct datacenter, tag_style)},
	{"bwlimit", offsetof(struct datacenter, bwlimit)},
	{"max_workers", offsetof(struct datacenter, max_workers)},
};

static const char *trimmed(struct arena *arena, const char *at, const char *end)
{
	while (at < end && value_is_space(*at))
		at++;
	while (end > at && value_is_space(end[-1]))
		end--;
	return arena_strndup(arena, at, (size_t)(end - at));
}

/* "name: value" */
static void read_line(struct arena *arena, const char *line, const char *end,
		      struct datacenter *datacenter)
{
	const char *colon = memchr(line, ':', (size_t)(end - line));

	for (size_t i = 0; colon && i < ARRAY_SIZE(words); i++)
		if (strncmp(line, words[i].name, strlen(words[i].name)) == 0 &&
		    line + strlen(words[i].name) == colon)
			*(const char **)((char *)datacenter + words[i].offset) =
				trimmed(arena, colon + 1, end);
}

void datacenter_parse(struct arena *arena, const char *text, struct datacenter *datacenter)
{
	*datacenter = (struct datacenter){};
	while (*text) {
		const char *end = text + strcspn(text, "\n");

		read_line(arena, text, end, datacenter);
		text = end + (*end == '\n');
	}
}

int datacenter_read(struct arena *arena, const char *etc_folder, struct datacenter *datacenter,
		    struct err *err)
{
	const char *path = arena_printf(arena, "%s/datacenter.cfg", etc_folder);
	const char *text = "";
	int r = access(path, F_OK) == 0 ? file_read(arena, AT_FDCWD, path, 0, &text, NULL, err) : 0;

	if (r == 0)
		datacenter_parse(arena, text, datacenter);
	return r;
}
