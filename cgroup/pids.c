#include "cgroup/cgroup.h"
#include "cgroup/walk.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/list.h"

#include <stdlib.h>

struct pid_list {
	struct arena *arena;
	size_t count;
	pid_t *items;
};

/* A threaded cgroup shows its processes at the top of the threaded part only: EOPNOTSUPP. */
static int read_pids(int dir_fd, const char *name, void *data)
{
	struct pid_list *list = data;
	const char *text;
	int r;

	r = file_read(list->arena, dir_fd, "cgroup.procs", 0, &text, NULL, NULL);
	if (r == -EOPNOTSUPP || r == -ENODEV || r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	while (*text) {
		char *end;
		long pid = strtol(text, &end, 10);

		if (end == text)
			break;
		if (pid > 0) /* 0: of a pid namespace that we don't see */
			*list_push(list->arena, list) = (pid_t)pid;
		text = end + (*end == '\n');
	}
	return 0;
}

int cgroup_pids(struct arena *arena, int cgroup_fd, pid_t **pids, size_t *count, struct err *err)
{
	struct pid_list list = {.arena = arena};
	int r = cgroup_walk(cgroup_fd, read_pids, &list);

	if (r < 0)
		return err_set(err, r, "list the cgroup's processes");
	*pids = list.items;
	*count = list.count;
	return 0;
}
