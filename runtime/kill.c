#include "runtime/container.h"

#include "cgroup/cgroup.h"
#include "lib/err.h"
#include "lib/sys.h"
#include "runtime/pids.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* Somebody moved the processes out and removed it: what is left is the first one and its pid
 * namespace. */
static void forget_vanished_cgroup(struct record *record)
{
	if (record->cgroup && access(record->cgroup, F_OK) < 0 && errno == ENOENT)
		record->cgroup = NULL;
}

static int signal_each(const struct record *record, int signal, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	pid_t *pids;
	size_t count = 0;
	int r = record_pids(&arena, record, &pids, &count, err);

	for (size_t i = 0; r == 0 && i < count; i++)
		if (kill(pids[i], signal) < 0 && errno != ESRCH)
			r = err_set(err, -errno, "signal process %d", (int)pids[i]);
	return r;
}

static int kill_every(const struct record *record, int signal, struct err *err)
{
	cleanup_close int cgroup_fd = -EBADF;
	int r = 0;

	if (!record->cgroup || signal != SIGKILL)
		r = signal_each(record, signal, err);
	else
		r = record_open_cgroup(record, O_PATH, &cgroup_fd, err);
	if (r == 0 && cgroup_fd >= 0)
		return cgroup_kill_all(cgroup_fd, err);
	if (r == -ENOENT) { /* gone with its last process */
		err_clear(err);
		return 0;
	}
	return r;
}

/* In a pid namespace that is shared others stay behind, also when the first process is gone; in one
 * of its own the other threads of a first process whose first thread has ended. */
static int kill_rest(const struct record *record, bool alive, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int cgroup_fd = -EBADF;
	size_t count = 0;
	pid_t *pids;
	int r;

	r = record_open_cgroup(record, O_PATH, &cgroup_fd, alive ? err : NULL);
	if (r == 0)
		r = cgroup_pids(&arena, cgroup_fd, &pids, &count, err);
	if (!alive && count == 0)
		return record_not_running(record, err);
	return r < 0 ? r : cgroup_kill_all(cgroup_fd, err);
}

int container_kill(const struct runtime *runtime, const char *id, int signal, bool all,
		   struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, pid_fd = -EBADF;
	struct record record;
	bool alive;
	int r;

	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r < 0)
		return r;
	forget_vanished_cgroup(&record);
	if (all)
		return kill_every(&record, signal, err);
	pid_fd = sys_pidfd_open(record.pid);
	alive = pid_fd >= 0 && record_alive(&record); /* in this order: no pid changes hands */
	if (signal == SIGKILL && record.cgroup && (!alive || !record_own_pids(state_fd)))
		return kill_rest(&record, alive, err);
	if (!alive)
		return record_not_running(&record, err);
	r = sys_pidfd_send_signal(pid_fd, signal);
	if (r == -ESRCH)
		return record_not_running(&record, err);
	return r < 0 ? err_set(err, r, "signal process %d", (int)record.pid) : 0;
}

static int freeze(const struct runtime *runtime, const char *id, bool frozen, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, cgroup_fd = -EBADF;
	struct record record;
	const char *status;
	int r;

	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r < 0)
		return r;
	status = record_status(&record, state_fd);
	if (!frozen && !status_is(status, "paused"))
		return err_plain(err, -EINVAL, "container not paused: %s", id);
	if (frozen && !status_is(status, "running") && !status_is(status, "created"))
		return record_not_running(&record, err);
	r = record_open_cgroup(&record, O_PATH, &cgroup_fd, err);
	return r < 0 ? r : cgroup_freeze(cgroup_fd, frozen, err);
}

int container_pause(const struct runtime *runtime, const char *id, struct err *err)
{
	return freeze(runtime, id, true, err);
}

int container_resume(const struct runtime *runtime, const char *id, struct err *err)
{
	return freeze(runtime, id, false, err);
}

int container_pids(const struct runtime *runtime, struct arena *arena, const char *id, pid_t **pids,
		   size_t *count, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r;

	r = record_load_running(runtime, arena, id, &state_fd, &record, err);
	if (r < 0)
		return r;
	forget_vanished_cgroup(&record);
	return record_pids(arena, &record, pids, count, err);
}
