#include "debug/isolation.h"

#include "debug/parts.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/proc_dir.h"
#include "lib/proc_stat.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

enum {
	ENDING_MS = 2000,        /* from the end of its namespaces to that of the process */
	PF_KTHREAD = 0x00200000, /* linux/sched.h of the kernel */
};

static void (*const parts[])(struct isolation *isolation) = {
	look_namespaces,     look_creds,   look_mounts, look_cgroups,
	look_device_filters, look_network, look_files,
};

void isolation_unseen(struct isolation *isolation, const char *what, int num)
{
	struct isolation_unseen *unseen = arena_alloc(&isolation->arena, sizeof(*unseen));
	const struct isolation_unseen **end = &isolation->unseen;

	*unseen = (struct isolation_unseen){
		.what = what,
		.why = arena_strdup(&isolation->arena, strerror(-num)),
	};
	while (*end)
		end = (const struct isolation_unseen **)&(*end)->next;
	*end = unseen;
}

bool isolation_ended(const struct isolation *isolation, int failure, struct err *err)
{
	const bool vanishes = failure == -ENOENT || failure == -ESRCH;
	struct pollfd ended = {.fd = isolation->pid_fd, .events = POLLIN};

	if (poll(&ended, 1, vanishes ? ENDING_MS : 0) == 0)
		return false;
	err_plain(err, -ESRCH, "process %d has ended", (int)isolation->pid);
	return true;
}

static int refuse_kernel_thread(pid_t pid, struct err *err)
{
	struct proc_stat stat;

	if (proc_stat_read(pid, &stat) < 0 || !(stat.flags & PF_KTHREAD))
		return 0;
	return err_plain(err, -EINVAL, "process %d is a thread of the kernel", (int)pid);
}

/* Of a process whose first thread has ended the kernel shows next to nothing. */
static int refuse_leaderless(pid_t pid, struct err *err)
{
	struct proc_stat stat;

	if (proc_stat_read(pid, &stat) < 0 || stat.state != 'Z')
		return 0;
	return err_plain(err, -ESRCH,
			 "the first thread of process %d has ended, so nothing can be seen of it; "
			 "others of it live on",
			 (int)pid);
}

static int open_root(struct isolation *isolation, struct err *err)
{
	isolation->root_fd =
		openat(isolation->pid_dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (isolation->root_fd >= 0)
		return 0;
	isolation->root_fd = -errno;
	if (isolation_ended(isolation, isolation->root_fd, err) ||
	    refuse_leaderless(isolation->pid, err) < 0)
		return -ESRCH;
	isolation_unseen(isolation, "its root, and what it may do with files", isolation->root_fd);
	return 0;
}

/* The pidfd first and asked last: what is in between was the same process all the time. */
static int open_process(struct isolation *isolation, pid_t pid, struct err *err)
{
	int r;

	isolation->pid = pid;
	isolation->pid_fd = sys_pidfd_open(pid);
	if (isolation->pid_fd == -ESRCH)
		return err_plain(err, -ESRCH, "there is no process %d", (int)pid);
	if (isolation->pid_fd == -EINVAL)
		return err_plain(err, -EINVAL, "%d is a thread, not a process", (int)pid);
	if (isolation->pid_fd < 0)
		return err_set(err, isolation->pid_fd, "look at process %d", (int)pid);
	r = proc_dir_open(pid, err);
	isolation->pid_dir_fd = r;
	if (r < 0)
		return isolation_ended(isolation, r, err) ? -ESRCH : r;
	r = refuse_kernel_thread(pid, err);
	return r < 0 ? r : open_root(isolation, err);
}

int isolation_look(struct isolation *isolation, pid_t pid, struct err *err)
{
	struct host *host;
	int r;

	*isolation = (struct isolation){.pid_fd = -EBADF, .pid_dir_fd = -EBADF, .root_fd = -EBADF};
	host = arena_alloc(&isolation->arena, sizeof(*host));
	isolation->host = host;
	r = host_probe(&isolation->arena, host, err);
	if (r == 0)
		r = open_process(isolation, pid, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		parts[i](isolation);
	return isolation_ended(isolation, 0, err) ? -ESRCH : 0;
}

void isolation_free(struct isolation *isolation)
{
	isolation->pid_fd = close_fd(isolation->pid_fd);
	isolation->pid_dir_fd = close_fd(isolation->pid_dir_fd);
	isolation->root_fd = close_fd(isolation->root_fd);
	arena_free(&isolation->arena);
}
