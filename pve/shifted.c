#include "pve/shifted.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "pve/idmap.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

/*
 * The maps of a process are written by one outside of its new user namespace: the worker forks a
 * helper before unshare(2), which stays outside and writes them when it is told to.
 */

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

/* In the helper: wait for the byte that says "unshared", write the maps, end. */
static _Noreturn void write_maps(pid_t pid, int fd, const struct idmap *map)
{
	char byte;
	int r = read(fd, &byte, 1) == 1 ? 0 : -EIO;

	if (r == 0)
		r = write_map(pid, "uid_map", &map->uid);
	if (r == 0)
		r = write_map(pid, "gid_map", &map->gid);
	_exit(-r);
}

static int wait_maps(pid_t helper, struct err *err)
{
	int status;

	while (waitpid(helper, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for the id map");
	if (!WIFEXITED(status))
		return err_plain(err, -EIO, "the id map could not be written");
	if (WEXITSTATUS(status) != 0)
		return err_set(err, -WEXITSTATUS(status), "write the id map");
	return 0;
}

static int become_root(struct err *err)
{
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_set(err, -errno, "become the container's root");
	return 0;
}

static int enter_user_namespace(const struct idmap *map, struct err *err)
{
	cleanup_close int near_fd = -EBADF;
	cleanup_close int far_fd = -EBADF;
	pid_t self = getpid(), helper;
	int fds[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set(err, -errno, "make a socket");
	near_fd = fds[0];
	far_fd = fds[1];
	helper = fork();
	if (helper < 0)
		return err_set(err, -errno, "fork");
	if (helper == 0) {
		near_fd = close_fd(near_fd); /* or it would wait for itself */
		write_maps(self, far_fd, map);
	}
	far_fd = close_fd(far_fd);
	if (unshare(CLONE_NEWUSER) < 0) {
		r = err_set(err, -errno, "make a user namespace");
		near_fd = close_fd(near_fd);
		(void)waitpid(helper, NULL, 0); /* it ends as nobody tells it to write */
		return r;
	}
	r = write_all(near_fd, "", 1);
	if (r < 0)
		return err_set(err, r, "ask for the id map");
	r = wait_maps(helper, err);
	return r < 0 ? r : become_root(err);
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
