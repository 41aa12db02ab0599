#include "cgroup/cgroup.h"
#include "cgroup/events.h"
#include "lib/err.h"
#include "lib/file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

enum { FREEZE_WAIT_MS = 10000 };

bool cgroup_is_frozen(const char *directory)
{
	char path[PATH_MAX];
	cleanup_close int events_fd = -EBADF;

	(void)snprintf(path, sizeof(path), "%s/cgroup.events", directory);
	events_fd = open(path, O_RDONLY | O_CLOEXEC);
	return events_fd >= 0 && cgroup_event_read(events_fd, "frozen") == 1;
}

int cgroup_freeze(int cgroup_fd, bool frozen, struct err *err)
{
	int r;

	r = file_write(cgroup_fd, "cgroup.freeze", frozen ? "1" : "0");
	if (r < 0)
		return err_set(err, r, "write cgroup.freeze");
	r = cgroup_event_wait(cgroup_fd, "frozen", frozen, FREEZE_WAIT_MS);
	if (r == 0)
		return 0;
	if (frozen)
		(void)file_write(cgroup_fd, "cgroup.freeze", "0"); /* no half-frozen container */
	err_set(err, r, "wait until all processes are %s", frozen ? "frozen" : "running");
	if (r == -ETIMEDOUT)
		err_hint(err, frozen ? "one of them is traced or waits for a disk"
				     : "a cgroup above may be frozen");
	return r;
}
