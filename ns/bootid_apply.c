#include "lib/err.h"
#include "lib/file.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/mask.h"
#include "ns/target.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define BOOTID_FILE ".pctrun-boot-id"

/* RFC 9562, version 4; with the line break that the kernel's file has. */
static int random_uuid(char text[static 38])
{
	uint8_t b[16];

	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return -EIO;
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	(void)snprintf(text, 38,
		       "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x\n",
		       b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
		       b[12], b[13], b[14], b[15]);
	return 0;
}

static int write_file(int dir_fd, struct err *err)
{
	cleanup_close int fd = -EBADF;
	char uuid[38];
	int r = random_uuid(uuid);

	if (r == 0) {
		fd = openat(dir_fd, BOOTID_FILE,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
		r = fd < 0 ? -errno : write_all(fd, uuid, strlen(uuid));
	}
	return r < 0 ? err_set(err, r, "write the boot id") : 0;
}

/* Only a file that is in our mount namespace can be cloned, so it is in /dev for a moment. */
static int file_tree(int dir_fd, struct err *err)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			    MOUNT_ATTR_NOEXEC,
	};
	cleanup_close int tree = -EBADF;
	int r = write_file(dir_fd, err);

	if (r < 0)
		return r;
	tree = sys_open_tree(dir_fd, BOOTID_FILE, OPEN_TREE_CLONE);
	if (tree >= 0)
		r = sys_mount_setattr(tree, "", AT_EMPTY_PATH, &attr);
	if (tree < 0 || r < 0)
		return err_set(err, tree < 0 ? tree : r, "clone the boot id");
	return take_fd(&tree);
}

int bootid_apply(const struct step *step, struct run *run, struct err *err)
{
	const char *path = container_of(step, struct mask_step, step)->path;
	cleanup_close int dir_fd = -EBADF;
	cleanup_close int target_fd = sys_open_in_root(run->root_fd, path, O_PATH, 0);
	cleanup_close int tree = -EBADF;
	int r;

	if (target_fd < 0)
		return 0; /* no procfs, no boot id to tell */
	dir_fd = target_open(run->root_fd, "/dev", TARGET_REAL, err);
	if (dir_fd < 0)
		return dir_fd;
	tree = file_tree(dir_fd, err);
	r = tree < 0 ? tree : target_attach(run->root_fd, path, target_fd, tree, err);
	/* Mounted, it needs no name; a file that was there before us is a failure, not ours. */
	if (tree >= 0)
		(void)unlinkat(dir_fd, BOOTID_FILE, 0);
	return r;
}
