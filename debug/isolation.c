#include "debug/isolation.h"

#include "debug/parts.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/proc_status.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

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

static bool has_ended(const struct isolation *isolation)
{
	struct pollfd ended = {.fd = isolation->pid_fd, .events = POLLIN};

	return poll(&ended, 1, 0) != 0;
}

bool isolation_ended(const struct isolation *isolation, struct err *err)
{
	if (!has_ended(isolation))
		return false;
	err_plain(err, -ESRCH, "process %d has ended", (int)isolation->pid);
	return true;
}

/* Of both kinds the kernel shows next to nothing. */
static int rootless(struct isolation *isolation, struct err *err)
{
	const int pid = (int)isolation->pid;
	const char *text, *state = NULL;

	if (file_read(&isolation->arena, isolation->pid_dir_fd, "status", 0, &text, NULL, NULL) ==
	    0)
		state = proc_status(&isolation->arena, text, "State");
	if (state && *state == 'Z')
		return err_plain(err, -ESRCH,
				 "the first thread of process %d has ended, so nothing can be seen "
				 "of it; others of it live on",
				 pid);
	return err_plain(err, -EINVAL, "process %d is a thread of the kernel", pid);
}

/* The pidfd first and asked last: what is in between was the same process all the time. */
static int open_process(struct isolation *isolation, pid_t pid, struct err *err)
{
	char path[32];

	isolation->pid = pid;
	isolation->pid_fd = sys_pidfd_open(pid);
	if (isolation->pid_fd == -ESRCH)
		return err_plain(err, -ESRCH, "there is no process %d", (int)pid);
	if (isolation->pid_fd == -EINVAL)
		return err_plain(err, -EINVAL, "%d is a thread, not a process", (int)pid);
	if (isolation->pid_fd < 0)
		return err_set(err, isolation->pid_fd, "look at process %d", (int)pid);
	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	isolation->pid_dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (isolation->pid_dir_fd < 0)
		return err_set(err, -errno, "open %s", path);
	isolation->root_fd =
		openat(isolation->pid_dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (isolation->root_fd >= 0)
		return 0;
	isolation->root_fd = -errno;
	if (isolation_ended(isolation, err))
		return -ESRCH;
	if (isolation->root_fd == -ENOENT)
		return rootless(isolation, err);
	isolation_unseen(isolation, "its root, and what it may do with files", isolation->root_fd);
	return 0;
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
	return isolation_ended(isolation, err) ? -ESRCH : 0;
}

void isolation_free(struct isolation *isolation)
{
	isolation->pid_fd = close_fd(isolation->pid_fd);
	isolation->pid_dir_fd = close_fd(isolation->pid_dir_fd);
	isolation->root_fd = close_fd(isolation->root_fd);
	arena_free(&isolation->arena);
}
