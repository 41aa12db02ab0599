#include "cgroup/cgroup.h"
#include "cgroup/events.h"
#include "lib/err.h"
#include "lib/file.h"

#include <signal.h>

enum { KILL_ROUNDS = 64 };

/* Frozen, nobody can fork away from the list; a kill works on the frozen too. */
static int kill_listed(int cgroup_fd, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	pid_t *pids;
	size_t count;
	int r;

	r = cgroup_pids(&arena, cgroup_fd, &pids, &count, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		if (kill(pids[i], SIGKILL) < 0 && errno != ESRCH)
			return err_set(err, -errno, "kill process %d", (int)pids[i]);
	return (int)count;
}

static int kill_by_list(int cgroup_fd, struct err *err)
{
	int r = 1;

	(void)file_write(cgroup_fd, "cgroup.freeze", "1"); /* before 5.2: without it */
	for (int i = 0; r > 0 && i < KILL_ROUNDS; i++) {
		r = kill_listed(cgroup_fd, err);
		if (r > 0)
			(void)cgroup_event_wait(cgroup_fd, "populated", false, 10);
	}
	(void)file_write(cgroup_fd, "cgroup.freeze", "0");
	if (r > 0)
		return err_plain(err, -EBUSY, "kill the cgroup: %d processes are left", r);
	return r;
}

int cgroup_kill_all(int cgroup_fd, struct err *err)
{
	int r = file_write(cgroup_fd, "cgroup.kill", "1"); /* Linux 5.14 */

	if (r == -ENOENT || r == -EOPNOTSUPP)
		return kill_by_list(cgroup_fd, err);
	return r < 0 ? err_set(err, r, "write cgroup.kill") : 0;
}

int cgroup_wait_empty(int cgroup_fd, int timeout_ms)
{
	int r = cgroup_event_wait(cgroup_fd, "populated", false, timeout_ms);

	return r == -ENODEV || r == -ENOENT ? 0 : r; /* removed: nobody is there */
}
