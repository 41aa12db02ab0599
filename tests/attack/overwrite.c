/*
 * overwrite FILE PID: takes hold of FILE, which may be a /proc/PID/exe, ends PID, and tries every
 * way to write to FILE, through its mount too (CVE-2019-5736). Exit status 0 when it could.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TRIES = 200, TRY_EVERY_US = 5000 };

/* What is there already: the first byte of a program. */
static int writes(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || pwrite(fd, "\177", 1, 0) != 1)
		return 0; /* a sealed file can be opened, but not written to */
	(void)printf("wrote to %s\n", path);
	return 1;
}

/* While it is executed that is ETXTBSY, whatever the mount says. */
static int reopens(const char *path)
{
	for (int i = 0; i < TRIES; i++) {
		if (writes(path))
			return 1;
		if (errno != ETXTBSY)
			return 0;
		(void)usleep(TRY_EVERY_US);
	}
	return 0;
}

static int makes_writable(int fd, const char *path)
{
	struct mount_attr attr = {.attr_clr = MOUNT_ATTR_RDONLY};

	if (syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0)
		(void)printf("cleared the mount's read-only attribute\n");
	if (syscall(SYS_mount, NULL, path, NULL, 0x1000UL | 0x20UL /* MS_BIND, MS_REMOUNT */,
		    NULL) == 0)
		(void)printf("mounted it again\n");
	return reopens(path);
}

static int clones(int fd)
{
	struct mount_attr attr = {.attr_clr = MOUNT_ATTR_RDONLY};
	int tree = (int)syscall(SYS_open_tree, fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
	char path[64];

	if (tree < 0)
		return 0;
	(void)printf("cloned the mount\n");
	(void)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr, sizeof(attr));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", tree);
	return reopens(path);
}

int main(int argc, char **argv)
{
	int fd = argc == 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	char path[64];

	if (fd < 0) {
		(void)printf("can't open it: %s\n", strerror(errno));
		return 1;
	}
	(void)printf("holds %s\n", argv[1]);
	(void)kill((pid_t)strtol(argv[2], NULL, 10), SIGKILL);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return !(reopens(path) || makes_writable(fd, path) || clones(fd));
}
