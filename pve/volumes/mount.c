#include "pve/volumes/mount.h"

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
	int fd = sys_open_tree(AT_FDCWD, mount->path, OPEN_TREE_CLONE);

	return fd < 0 ? err_set(err, fd, "open %s as a mount", mount->path) : fd;
}

/* ext4(5): noload is what it takes to leave a journal alone. */
static int mount_device(const struct volume_mount *mount, const char *device, struct err *err)
{
	const struct fs_device fs = {
		.device = device,
		.data = mount->frozen ? "noload" : "",
		.readonly = mount->frozen,
	};
	int fd = fs_mount(&fs, err);

	if (fd < 0)
		err_add(err, "%s", mount->path);
	return fd;
}

static int attach(const struct volume_mount *mount, int *number, struct err *err)
{
	cleanup_close int image_fd =
		open(mount->path, (mount->frozen ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	const struct loop_request request = {
		.name = mount->path,
		.image_fd = image_fd,
		.readonly = mount->frozen,
	};

	if (image_fd < 0)
		return err_set(err, -errno, "open %s", mount->path);
	return loop_attach(&request, number, err);
}

static int mount_image(const struct volume_mount *mount, const struct stat *image, struct err *err)
{
	cleanup_close int loop_fd = -EBADF;
	char device[32];
	int number;

	loop_fd = loop_find(image, O_RDONLY, &number);
	if (loop_fd < 0)
		loop_fd = attach(mount, &number, err);
	if (loop_fd < 0)
		return loop_fd;
	(void)snprintf(device, sizeof(device), "/dev/loop%d", number);
	return mount_device(mount, device, err);
}

static int mount_any(const struct volume_mount *mount, struct err *err)
{
	struct stat st;

	if (stat(mount->path, &st) < 0)
		return err_set(err, -errno, "look at %s", mount->path);
	if (S_ISDIR(st.st_mode))
		return mount_directory(mount, err);
	return S_ISBLK(st.st_mode) ? mount_device(mount, mount->path, err)
				   : mount_image(mount, &st, err);
}

int volume_mount(const struct volume_mount *mount, struct err *err)
{
	cleanup_close int fd = mount_any(mount, err);
	int r = fd < 0 ? fd : 0;

	if (r == 0 && (mount->readonly || mount->frozen))
		r = make_readonly(fd, err);
	return r < 0 ? r : take_fd(&fd);
}
