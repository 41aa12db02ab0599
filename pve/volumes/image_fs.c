#include "pve/volumes/image_fs.h"

#include "lib/err.h"
#include "lib/loop.h"
#include "lib/own.h"
#include "lib/process.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "pve/volumes/mount.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/loop.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* Anything that is there on every host and that nothing is looked for below. */
#define PLACE "/tmp"

enum { E2FSCK_FIXED = 1 | 2 }; /* e2fsck(8): errors corrected; other bits are failures */

/* Where the superblock is in an image, and its fields, as 32 bit numbers: the kernel's
 * Documentation/filesystems/ext4/super.rst. */
enum { SUPERBLOCK = 1024, SUPERBLOCK_NUMBERS = 256, INCOMPAT_64BIT = 0x80 };
enum { BLOCKS = 1, LOG_BLOCK_SIZE = 6, MAGIC = 14, INCOMPAT = 24, BLOCKS_HIGH = 84 };
enum { LOG_BLOCK_SIZE_MAX = 6, LOG_1K = 10 };

/* The device of an image. @loop_fd: the caller's; a negative errno where it is not in use */
static int find_loop(const char *path, int *loop_fd, int *number, struct err *err)
{
	struct stat image;

	if (stat(path, &image) < 0)
		return err_set(err, -errno, "look at %s", path);
	*loop_fd = loop_find(&image, O_RDONLY, number);
	return 0;
}

/* Of one that is mounted its device knows more: the image gets that at some time. */
static int open_data(const char *path)
{
	int number, fd = -EBADF, r = find_loop(path, &fd, &number, NULL);

	if (r < 0)
		return r;
	return fd < 0 ? open(path, O_RDONLY | O_CLOEXEC) : fd;
}

bool image_fs_has_room(const char *path, uint64_t size)
{
	cleanup_close int fd = open_data(path);
	uint32_t numbers[SUPERBLOCK_NUMBERS];
	uint64_t blocks;

	if (fd < 0 || pread(fd, numbers, sizeof(numbers), SUPERBLOCK) != sizeof(numbers))
		return false;
	for (size_t i = 0; i < SUPERBLOCK_NUMBERS; i++)
		numbers[i] = le32toh(numbers[i]);
	if ((numbers[MAGIC] & 0xffff) != EXT4_SUPER_MAGIC ||
	    numbers[LOG_BLOCK_SIZE] > LOG_BLOCK_SIZE_MAX)
		return false;
	blocks = numbers[BLOCKS];
	if (numbers[INCOMPAT] & INCOMPAT_64BIT)
		blocks |= (uint64_t)numbers[BLOCKS_HIGH] << 32;
	return blocks < size >> (LOG_1K + numbers[LOG_BLOCK_SIZE]);
}

/* In use already: its device still has the old size. Return: whether it is. */
static int update_loop(const char *path, struct err *err)
{
	cleanup_close int loop_fd = -EBADF;
	int number, r = find_loop(path, &loop_fd, &number, err);

	if (r < 0)
		return r;
	if (loop_fd >= 0 && ioctl(loop_fd, LOOP_SET_CAPACITY, 0) < 0)
		return err_set(err, -errno, "tell /dev/loop%d its new size", number);
	return loop_fd >= 0;
}

static int find_device(const char *path, char device[32], struct err *err)
{
	cleanup_close int loop_fd = -EBADF;
	int number, r = find_loop(path, &loop_fd, &number, err);

	if (r < 0)
		return r;
	if (loop_fd < 0)
		return err_set(err, loop_fd, "find the loop device of %s", path);
	(void)snprintf(device, 32, "/dev/loop%d", number);
	return 0;
}

static int resize(const char *device, struct err *err)
{
	const char *const argv[] = {"resize2fs", device, NULL};

	return process_run(argv, NULL, err);
}

/* resize2fs asks the kernel through a mount point: one that only this child sees. */
static int grow(void *path, struct err *err)
{
	const struct volume_mount mount = {.path = path};
	cleanup_close int fd = volume_mount(&mount, err);
	char device[32];
	int r;

	if (fd < 0)
		return fd;
	r = find_device(path, device, err);
	if (r == 0)
		r = worker_hide_mounts(err);
	if (r < 0)
		return r;
	r = sys_move_mount(fd, AT_FDCWD, PLACE); /* may hide @path itself */
	return r < 0 ? err_set(err, r, "mount %s", (const char *)path) : resize(device, err);
}

static int check(const char *path, struct err *err)
{
	cleanup_(text_free) struct text output = {};
	const char *const argv[] = {"e2fsck", "-f", "-y", path, NULL};
	int status = process_status(argv, &output, err);

	if (status > 0 && (status & ~E2FSCK_FIXED))
		return process_failed(argv[0], status, &output, err);
	return status < 0 ? status : 0;
}

/* ext4(5): the kernel does it for who has this alone. */
static bool may_ask_kernel(void)
{
	uint64_t effective, permitted, inheritable;

	return sys_capget(&effective, &permitted, &inheritable) == 0 &&
	       (effective & (1ULL << CAP_SYS_RESOURCE));
}

int image_fs_grow(const char *path, struct err *err)
{
	int r = update_loop(path, err);

	if (r < 0)
		return r;
	if (r > 0 || may_ask_kernel())
		return worker_run(grow, (void *)path, err);
	r = check(path, err);
	return r < 0 ? r : resize(path, err);
}
