#include "lib/run.h"

#include "lib/err.h"
#include "lib/proc_dir.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>

void run_init(struct run *run)
{
	*run = (struct run){
		.state_fd = -EBADF,
		.cgroup_fd = -EBADF,
		.init_cgroup_fd = -EBADF,
		.root_fd = -EBADF,
		.cwd_fd = -EBADF,
		.proc_fd = -EBADF,
		.sync_fd = -EBADF,
		.pid_fd = -EBADF,
		.pid_dir_fd = -EBADF,
		.userns_fd = -EBADF,
		.netns_fd = -EBADF,
		.console_fd = -EBADF,
		.tty_fd = -EBADF,
	};
}

int run_slots(struct run *run, size_t count)
{
	run->slots = calloc(count ? count : 1, sizeof(*run->slots));
	if (!run->slots)
		return -ENOMEM;
	run->slot_count = count;
	for (size_t i = 0; i < count; i++)
		run->slots[i] = -EBADF;
	return 0;
}

int run_open_self(const struct run *run, const char *name, int flags)
{
	char self[32], path[128];
	ssize_t length = readlinkat(run->proc_fd, "self", self, sizeof(self) - 1);
	struct statfs fs;

	if (length < 0)
		return -errno;
	if (fstatfs(run->proc_fd, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return -EXDEV;
	self[length] = '\0';
	(void)snprintf(path, sizeof(path), "%s/%s", self, name);
	return sys_open_beneath(run->proc_fd, path, flags);
}

void run_close(struct run *run)
{
	int *const fds[] = {
		&run->state_fd,  &run->cgroup_fd, &run->init_cgroup_fd, &run->root_fd,
		&run->proc_fd,   &run->sync_fd,   &run->pid_fd,         &run->pid_dir_fd,
		&run->userns_fd, &run->netns_fd,  &run->console_fd,     &run->tty_fd,
	};

	if (run->init_cgroup_fd == run->cgroup_fd)
		run->init_cgroup_fd = -EBADF;
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		*fds[i] = close_fd(*fds[i]);
	for (size_t i = 0; i < run->slot_count; i++)
		run->slots[i] = close_fd(run->slots[i]);
	arena_free(&run->arena);
	free(run->slots);
	free(run->cgroup_path);
	free(run->init_cgroup_path);
	run->slots = NULL;
	run->cgroup_path = run->init_cgroup_path = NULL;
	run->slot_count = 0;
}

int run_look(struct run *run, const struct host *host, pid_t pid, struct err *err)
{
	run_init(run);
	run->host = host;
	run->pid = pid;
	run->pid_fd = sys_pidfd_open(pid);
	if (run->pid_fd < 0)
		return err_set(err, run->pid_fd, "look at process %d", (int)pid);
	run->pid_dir_fd = proc_dir_open(pid, err);
	if (run->pid_dir_fd < 0)
		return run->pid_dir_fd;
	/* The magic links of /proc/PID are the kernel's own words for the process' root and
	 * namespaces; a process without a root of its own (a kernel thread) has none. */
	run->root_fd = openat(run->pid_dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (run->root_fd < 0)
		return err_set(err, -errno, "open /proc/%d/root", (int)pid);
	run->netns_fd = openat(run->pid_dir_fd, "ns/net", O_RDONLY | O_CLOEXEC);
	run->userns_fd = openat(run->pid_dir_fd, "ns/user", O_RDONLY | O_CLOEXEC);
	return 0;
}
