#include "lib/cgroup_line.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/mountinfo.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <fcntl.h>
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

/* The line "5:cpu,devices:/path". Return: NULL: there is none. */
static const char *v1_path(struct arena *arena, const char *text, const char *controller)
{
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *names = strchr(line, ':');
		const char *path = names ? strchr(names + 1, ':') : NULL;

		if (path &&
		    mountinfo_has(arena_strndup(arena, names + 1, (size_t)(path - names - 1)),
				  controller))
			return arena_strndup(arena, path + 1, strcspn(path + 1, "\n"));
	}
	return NULL;
}

/* Where the caller has the root of that hierarchy. */
static int v1_open_root(struct arena *arena, const char *controller)
{
	cleanup_close int self_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct mountinfo *list = NULL;
	int r = self_fd < 0 ? -errno : mountinfo_read(arena, self_fd, &list, NULL);

	if (r < 0)
		return r;
	for (; list; list = list->next)
		if (strcmp(list->type, "cgroup") == 0 && strcmp(list->root, "/") == 0 &&
		    mountinfo_has(list->super_options, controller)) {
			r = open(list->target, O_PATH | O_DIRECTORY | O_CLOEXEC);
			return r < 0 ? -errno : r;
		}
	return -ENOENT;
}

int cgroup_v1_open(struct arena *arena, int pid_dir_fd, const char *controller, const char **path)
{
	cleanup_close int root_fd = -EBADF;
	const char *text;
	int r = file_read(arena, pid_dir_fd, "cgroup", 0, &text, NULL, NULL);

	if (r < 0)
		return r;
	*path = v1_path(arena, text, controller);
	if (!*path)
		return -ENOENT;
	root_fd = v1_open_root(arena, controller);
	return root_fd < 0 ? root_fd
			   : sys_open_beneath(root_fd, (*path)[1] ? *path + 1 : ".",
					      O_PATH | O_DIRECTORY);
}
