#include "lib/cgroup_line.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/text.h"

#include <string.h>

/* The line "0::/path"; version 1 hierarchies have other numbers. */
const char *cgroup_of_process(struct arena *arena, int dir_fd, const char *file)
{
	const char *text, *line;

	if (file_read(arena, dir_fd, file, 0, &text, NULL, NULL) < 0)
		return NULL;
	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!starts_with(line, "0::/"))
			continue;
		line += strlen("0::");
		return line[1] == '\n' ? "" : arena_strndup(arena, line, strcspn(line, "\n"));
	}
	return NULL;
}
