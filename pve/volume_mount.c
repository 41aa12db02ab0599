#include "pve/volume_mount.h"

#include "lib/err.h"
#include "lib/fs.h"
#include "lib/loop.h"
#include "lib/own.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* The mount alone, not the file system, which others may be writing to. */
static int make_readonly(int mnt_fd, struct err *err)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	int r = sys_mount_setattr(mnt_fd, "", AT_EMPTY_PATH, &attr);

	return r < 0 ? err_set(err, r, "make the mount read-only") : 0;
}

static int mount_directory(const struct volume_mount *mount, struct err *err)
{
	cleanup_close int fd = sys_open_tree(AT_FDCWD, mount->path, OPEN_TREE_CLONE);
	int r = fd < 0 ? err_set(err, fd, "open %s as a mount", mount->path) : 0;

	if (r == 0 && mount->readonly)
		r = make_readonly(fd, err);
	return r < 0 ? r : take_fd(&fd);
}

static int mount_device(const struct volume_mount *mount, const char *device, bool readonly,
			struct err *err)
{
	const struct fs_device fs = {
		.device = device, .data = mount->data ? mount->data : "", .readonly = readonly};
	int fd = fs_mount(&fs, err);

	if (fd < 0)
		err_add(err, "%s", mount->path);
	return fd;
}

static int attach(const struct volume_mount *mount, int *number, struct err *err)
{
	cleanup_close int image_fd =
		open(mount->path, (mount->readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	const struct loop_request request = {
		.name = mount->path,
		.image_fd = image_fd,
		.readonly = mount->readonly,
	};

	if (image_fd < 0)
		return err_set(err, -errno, "open %s", mount->path);
	return loop_attach(&request, number, err);
}

static int mount_image(const struct volume_mount *mount, const struct stat *image, struct err *err)
{
	cleanup_close int loop_fd = -EBADF;
	cleanup_close int mnt_fd = -EBADF;
	char device[32];
	bool shared;
	int number;

	loop_fd = loop_find(image, O_RDONLY, &number);
	shared = loop_fd >= 0;
	if (!shared)
		loop_fd = attach(mount, &number, err);
	if (loop_fd < 0)
		return loop_fd;
	(void)snprintf(device, sizeof(device), "/dev/loop%d", number);
	mnt_fd = mount_device(mount, device, mount->readonly && !shared, err);
	if (mnt_fd < 0)
		return mnt_fd;
	if (shared && mount->readonly) {
		int r = make_readonly(mnt_fd, err);

		if (r < 0)
			return r;
	}
	return take_fd(&mnt_fd);
}

int volume_mount(const struct volume_mount *mount, struct err *err)
{
	struct stat st;

	if (stat(mount->path, &st) < 0)
		return err_set(err, -errno, "look at %s", mount->path);
	if (S_ISDIR(st.st_mode))
		return mount_directory(mount, err);
	if (S_ISBLK(st.st_mode))
		return mount_device(mount, mount->path, mount->readonly, err);
	return mount_image(mount, &st, err);
}
