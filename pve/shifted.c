#include "pve/shifted.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "pve/idmap.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>

struct shifted {
	const struct idmap *map;
	int (*work)(void *data, struct err *err);
	void *data;
};

static int write_map(pid_t pid, const char *file, const struct oci_id_mappings *mappings)
{
	cleanup_(text_free) struct text text = {};
	char path[64];

	for (size_t i = 0; i < mappings->count; i++)
		text_addf(&text, "%u %u %u\n", mappings->items[i].container_id,
			  mappings->items[i].host_id, mappings->items[i].size);
	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return file_write(AT_FDCWD, path, text_str(&text));
}

static int fill(pid_t pid, const struct idmap *map, struct err *err)
{
	char path[64];
	int fd, r;

	r = write_map(pid, "uid_map", &map->uid);
	if (r == 0)
		r = write_map(pid, "gid_map", &map->gid);
	if (r < 0)
		return err_set(err, r, "write the id map");
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_set(err, -errno, "open %s", path) : fd;
}

/* The maps of a namespace are written from outside of it, while a process is there to name it. */
int shifted_namespace(const struct idmap *map, struct err *err)
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
	fd = fill(pid, map, err);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd;
}

/* Other ids than before: the kernel forgets whose death is to be ours. */
static int follow_parent(pid_t parent, struct err *err)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* only fails for bad signals */
	return getppid() == parent ? 0 : err_set(err, -ESRCH, "work on without the caller");
}

static int enter_user_namespace(const struct idmap *map, struct err *err)
{
	cleanup_close int fd = shifted_namespace(map, err);
	pid_t parent = getppid();

	if (fd < 0)
		return fd;
	if (setns(fd, CLONE_NEWUSER) < 0)
		return err_set(err, -errno, "enter the user namespace");
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_set(err, -errno, "become the container's root");
	return follow_parent(parent, err);
}

static int in_child(void *data, struct err *err)
{
	const struct shifted *shifted = data;
	int r = shifted->map ? enter_user_namespace(shifted->map, err) : 0;

	if (r < 0)
		return r;
	if (unshare(CLONE_NEWNS) < 0)
		return err_set(err, -errno, "make a mount namespace");
	return shifted->work(shifted->data, err);
}

int shifted_run(const struct idmap *map, int (*work)(void *data, struct err *err), void *data,
		struct err *err)
{
	struct shifted shifted = {.map = map, .work = work, .data = data};

	return worker_run(in_child, &shifted, err);
}
