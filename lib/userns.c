#include "lib/userns.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/proc_dir.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static int write_map(int dir_fd, const char *name, const char *map, struct err *err)
{
	int r = file_write(dir_fd, name, map);

	return r < 0 ? err_set(err, r, "write %s of a user namespace", name) : 0;
}

static int fill(pid_t pid, const char *uid_map, const char *gid_map, struct err *err)
{
	cleanup_close int dir_fd = -EBADF;
	cleanup_close int ns_fd = -EBADF;
	int r;

	dir_fd = proc_dir_open(pid, err);
	if (dir_fd < 0)
		return dir_fd;
	r = write_map(dir_fd, "uid_map", uid_map, err);
	if (r == 0)
		r = write_map(dir_fd, "gid_map", gid_map, err);
	if (r < 0)
		return r;
	ns_fd = openat(dir_fd, "ns/user", O_RDONLY | O_CLOEXEC);
	return ns_fd < 0 ? err_set(err, -errno, "open /proc/%d/ns/user", (int)pid)
			 : take_fd(&ns_fd);
}

/* The maps are written from outside of it, while a process is there to name it. */
int userns_new(const char *uid_map, const char *gid_map, struct err *err)
{
	const struct clone_request request = {
		.flags = CLONE_NEWUSER,
		.cgroup_fd = -EBADF,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = sys_clone(&request);
	int fd;

	if (pid < 0)
		return err_set(err, pid, "make a user namespace");
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* only fails for bad signals */
		for (;;)
			(void)pause();
	}
	fd = fill(pid, uid_map, gid_map, err);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd;
}
