#include "lib/err.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "net/device.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define FILE_NAME "netns"

int hold_apply(const struct step *step, struct run *run, struct err *err)
{
	cleanup_close int file_fd =
		openat(run->state_fd, FILE_NAME, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	cleanup_close int tree_fd = -EBADF;
	int r;

	if (file_fd < 0)
		return err_set(err, -errno, "make the file to hold it by");
	tree_fd = sys_open_tree(run->pid_dir_fd, "ns/net", OPEN_TREE_CLONE);
	if (tree_fd < 0)
		return err_set(err, tree_fd, "open the network namespace");
	r = sys_move_mount(tree_fd, file_fd, "");
	return r < 0 ? err_set(err, r, "mount the network namespace") : 0;
}

/* The mount is not one where another mount namespace made it, and gone with that. */
int hold_undo(const struct json *record, struct run *run, struct err *err)
{
	char path[64];
	int r;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/" FILE_NAME, run->state_fd);
	r = sys_umount(path, MNT_DETACH);
	return r < 0 && r != -EINVAL && r != -ENOENT ? err_set(err, r, "let go of it") : 0;
}

int hold_open(int state_fd)
{
	cleanup_close int fd = openat(state_fd, FILE_NAME, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET ? take_fd(&fd) : -ENOENT;
}

int hold_observe(const struct step *step, struct run *run, struct observation *seen,
		 struct err *err)
{
	cleanup_close int fd = run->state_fd >= 0 ? hold_open(run->state_fd) : -EBADF;
	struct stat held, net;

	if (run->state_fd < 0)
		return observe(seen, OBSERVED_UNSEEN, "it has no folder here");
	if (fd < 0 || fstat(fd, &held) < 0 || fstat(run->netns_fd, &net) < 0)
		return observe(seen, OBSERVED_DIFFERS, "it is not held");
	return observe(seen, held.st_ino == net.st_ino ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "net:[%lu]", held.st_ino);
}
