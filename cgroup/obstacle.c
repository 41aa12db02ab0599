#include "cgroup/obstacle.h"
#include "cgroup/values.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"

#include <fcntl.h>
#include <string.h>

enum { PIDS_SHOWN = 8 };

/* "12, 34": the processes of one cgroup, not of those below; of a threaded tree's top, of all. */
static void add_pids(int cgroup_fd, struct text *text)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *at = cgroup_text(&arena, cgroup_fd, "cgroup.procs");

	for (int i = 0; *at && i <= PIDS_SHOWN; i++) {
		size_t length = strcspn(at, "\n");

		text_add(text, i > 0 ? ", " : "");
		text_addn(text, i < PIDS_SHOWN ? at : "...", i < PIDS_SHOWN ? length : 3);
		at += length + (at[length] == '\n');
	}
}

static void hint_busy(int cgroup_fd, struct err *err)
{
	cleanup_(text_free) struct text pids = {};

	add_pids(cgroup_fd, &pids);
	if (pids.length > 0)
		err_hint(err,
			 "processes live in it (%s), so it can't limit what is below it: move "
			 "them, or choose another cgroupsPath",
			 text_str(&pids));
	else
		err_hint(err, "it limits what is below it, so no process can live in it");
}

/* Beside threaded cgroups a new one is "domain invalid", below one it is that or threaded. */
static void hint_threaded(int cgroup_fd, struct err *err)
{
	cleanup_close int parent_fd = openat(cgroup_fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_(text_free) struct text pids = {};
	char type[32];

	if (file_line(cgroup_fd, "cgroup.type", type, sizeof(type)) <= 0)
		return;
	if (parent_fd >= 0)
		add_pids(parent_fd, &pids);
	err_hint(err,
		 "its type is \"%s\", for threaded cgroups are beside it (processes: %s): "
		 "choose another cgroupsPath",
		 type, pids.length ? text_str(&pids) : "none");
}

void cgroup_obstacle(int cgroup_fd, int num, struct err *err)
{
	if (num == -EBUSY)
		hint_busy(cgroup_fd, err);
	if (num == -EOPNOTSUPP)
		hint_threaded(cgroup_fd, err);
}
