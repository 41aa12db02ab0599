#include "cgroup/cgroup.h"
#include "cgroup/events.h"
#include "lib/err.h"
#include "lib/file.h"

#include <signal.h>

enum { KILL_ROUNDS = 64, AT_ONCE_MS = 200 };

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

/* Return: how many are left, or a negative errno. */
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
	return r;
}

/* Return: 1: done; 0: this kernel can't. */
static int kill_at_once(int cgroup_fd, struct err *err)
{
	int r = file_write(cgroup_fd, "cgroup.kill", "1"); /* Linux 5.14 */

	if (r == -ENOENT || r == -EOPNOTSUPP)
		return 0;
	return r < 0 ? err_set(err, r, "write cgroup.kill") : 1;
}

/*
 * The kernel gives cgroup.kill to the first thread of each process (seen up to 6.18): where that
 * one has ended before the others it is heard by nobody. A kill of the process is heard.
 */
int cgroup_kill_all(int cgroup_fd, struct err *err)
{
	int r = kill_at_once(cgroup_fd, err);

	if (r > 0)
		(void)kill_listed(cgroup_fd, NULL);
	if (r != 0)
		return r < 0 ? r : 0;
	r = kill_by_list(cgroup_fd, err);
	return r > 0 ? err_plain(err, -EBUSY, "kill the cgroup: %d processes are left", r) : r;
}

int cgroup_end_all(int cgroup_fd, int timeout_ms, struct err *err)
{
	int r = kill_at_once(cgroup_fd, err);

	if (r > 0 && cgroup_wait_empty(cgroup_fd, AT_ONCE_MS) == 0)
		return 0;
	if (r >= 0)
		r = kill_by_list(cgroup_fd, err);
	return r <= 0 ? r : cgroup_wait_empty(cgroup_fd, timeout_ms);
}

int cgroup_wait_empty(int cgroup_fd, int timeout_ms)
{
	int r = cgroup_event_wait(cgroup_fd, "populated", false, timeout_ms);

	return r == -ENODEV || r == -ENOENT ? 0 : r; /* removed: nobody is there */
}
