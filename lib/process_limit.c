#include "lib/process_limit.h"

#include "lib/arena.h"
#include "lib/cgroup_line.h"
#include "lib/err.h"
#include "lib/fds.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/text.h"

#include <fcntl.h>
#include <sys/resource.h>

static bool read_number(int dir_fd, const char *name, unsigned long *number)
{
	char line[32];

	return file_line(dir_fd, name, line, sizeof(line)) > 0 && parse_u64(line, number) == 0;
}

bool process_limit_of(int cgroup_fd, struct err *err)
{
	char path[192] = "";
	unsigned long most, have;

	if (!read_number(cgroup_fd, "pids.max", &most) || /* "max" is none */
	    !read_number(cgroup_fd, "pids.current", &have) || have < most)
		return false;
	(void)fd_path(cgroup_fd, path, sizeof(path));
	err_fact(err, "pids.max of %s is %lu, and %lu processes are there", path, most, have);
	err_hint(err, "raise pids.max of %s", path);
	return true;
}

/* The root of a hierarchy has no such file. */
static bool is_above(int cgroup_fd, struct err *err)
{
	cleanup_close int fd = openat(cgroup_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && faccessat(fd, "pids.max", F_OK, 0) == 0) {
		const int above = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (process_limit_of(fd, err)) {
			close_fd(above);
			return true;
		}
		close_fd(fd);
		fd = above;
	}
	return false;
}

/* Its own cgroup, where the controller is one of version 1's or the other's. */
static bool is_callers(struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int self_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int v1_fd = -EBADF, v2_fd = -EBADF;
	struct host host;
	const char *path;

	if (self_fd < 0)
		return false;
	v1_fd = cgroup_v1_open(&arena, self_fd, "pids", &path);
	if (v1_fd >= 0 && is_above(v1_fd, err))
		return true;
	path = cgroup_of_process(&arena, self_fd, "cgroup");
	if (!path || host_probe(&arena, &host, NULL) < 0 || !host.cgroup_root)
		return false;
	v2_fd = open(arena_printf(&arena, "%s%s", host.cgroup_root, path),
		     O_PATH | O_DIRECTORY | O_CLOEXEC);
	return v2_fd >= 0 && is_above(v2_fd, err);
}

/* The kernel counts a user's processes and tells nobody; root of the host has no such limit, but
 * who has is told the limit. */
static bool is_users(struct err *err)
{
	struct rlimit limit;

	if (getuid() == 0 || getrlimit(RLIMIT_NPROC, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	err_hint(err, "user %u may have %lu processes: end some, or raise ulimit -u", getuid(),
		 (unsigned long)limit.rlim_cur);
	return true;
}

void process_limit(int cgroup_fd, struct err *err)
{
	if (!err || err->num != EAGAIN)
		return;
	if ((cgroup_fd >= 0 && is_above(cgroup_fd, err)) || is_callers(err) || is_users(err))
		return;
	err_hint(err, "end some processes, or raise kernel.pid_max and kernel.threads-max");
}
