#include "cgroup/cgroup.h"
#include "cgroup/walk.h"
#include "lib/err.h"
#include "lib/file.h"

#include <string.h>

struct pid_list {
	struct arena *arena;
	pid_t *pids;
	size_t count, room;
};

static void push(struct pid_list *list, pid_t pid)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		pid_t *larger = arena_array(list->arena, room, sizeof(*larger));

		if (list->count)
			memcpy(larger, list->pids, list->count * sizeof(*larger));
		list->pids = larger;
		list->room = room;
	}
	list->pids[list->count++] = pid;
}

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
			push(list, (pid_t)pid);
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
	*pids = list.pids;
	*count = list.count;
	return 0;
}
