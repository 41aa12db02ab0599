#include "lib/proc_status.h"

#include "lib/arena.h"
#include "lib/file.h"

#include <fcntl.h>
#include <string.h>

int proc_status_read(struct arena *arena, pid_t pid, const char **status)
{
	const char *path = arena_printf(arena, "/proc/%d/status", (int)pid);

	return file_read(arena, AT_FDCWD, path, 0, status, NULL, NULL);
}

const char *proc_status(struct arena *arena, const char *status, const char *name)
{
	const size_t length = strlen(name);

	for (const char *line = status; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, "\t ");
		return arena_strndup(arena, line, strcspn(line, "\n"));
	}
	return NULL;
}
