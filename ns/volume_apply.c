#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/mount_new.h"
#include "ns/volume.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

enum { LOOP_TRIES = 64 }; /* somebody else may take the free device first */

/* What raw images of containers are; asked in the order of how often. */
static const char *const types[] = {"ext4", "xfs", "btrfs"};

static int note(struct run *run, const struct step *step, int number, const struct stat *image,
		struct err *err)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_u64(out, "loop", (uint64_t)number);
	json_out_u64(out, "device", image->st_dev);
	json_out_u64(out, "inode", image->st_ino);
	json_out_end(out);
	return run_note(run, step, out, err);
}

static int open_loop(int number, int flags)
{
	char path[32];
	int fd;

	(void)snprintf(path, sizeof(path), "/dev/loop%d", number);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int configure(int loop_fd, int image_fd, const struct volume_step *volume)
{
	struct loop_config config = {
		.fd = (uint32_t)image_fd,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR | (volume->readonly ? LO_FLAGS_READ_ONLY : 0),
	};

	(void)snprintf((char *)config.info.lo_file_name, sizeof(config.info.lo_file_name), "%s",
		       volume->image);
	return ioctl(loop_fd, LOOP_CONFIGURE, &config) < 0 ? -errno : 0;
}

/*
 * The number is in the journal before the device has the image: from then until it is mounted
 * only our descriptor keeps the device.
 */
static int attach_loop(const struct volume_step *volume, struct run *run, int image_fd,
		       const struct stat *image, int *number, struct err *err)
{
	cleanup_close int control_fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	const int flags = volume->readonly ? O_RDONLY : O_RDWR;
	int r = -EBUSY;

	if (control_fd < 0)
		return err_set(err, -errno, "open /dev/loop-control");
	for (int i = 0; i < LOOP_TRIES && r == -EBUSY; i++) {
		cleanup_close int loop_fd = -EBADF;

		*number = ioctl(control_fd, LOOP_CTL_GET_FREE);
		if (*number < 0)
			return err_set(err, -errno, "find a free loop device");
		loop_fd = open_loop(*number, flags);
		if (loop_fd < 0)
			return err_set(err, loop_fd, "open /dev/loop%d", *number);
		r = note(run, &volume->step, *number, image, err);
		if (r < 0)
			return r;
		r = configure(loop_fd, image_fd, volume);
		if (r == 0)
			return take_fd(&loop_fd);
	}
	return err_set(err, r, "attach a loop device");
}

static int mount_type(const struct volume_step *volume, const char *type, const char *device,
		      struct err *err)
{
	cleanup_close int fs_fd = sys_fsopen(type);
	int r = fs_fd < 0 ? err_set(err, fs_fd, "open file system \"%s\"", type) : 0;

	if (r == 0)
		r = sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, "source", device, 0);
	if (r == 0 && volume->readonly)
		r = sys_fsconfig(fs_fd, FSCONFIG_SET_FLAG, "ro", NULL, 0);
	if (r == 0)
		r = fs_configure(fs_fd, volume->data, err);
	if (r < 0)
		return r;
	r = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0)
		return fs_failed(fs_fd, r, err, "mount the file system");
	r = sys_fsmount(fs_fd, volume->readonly ? MOUNT_ATTR_RDONLY : 0);
	return r < 0 ? err_set(err, r, "mount the file system") : r;
}

/* A kernel that finds no superblock of its kind says EINVAL; one without the type, ENODEV. */
static int mount_device(const struct volume_step *volume, const char *device, struct err *err)
{
	int fd = -EINVAL;

	if (volume->type)
		return mount_type(volume, volume->type, device, err);
	for (size_t i = 0; i < ARRAY_SIZE(types) && (fd == -EINVAL || fd == -ENODEV); i++)
		fd = mount_type(volume, types[i], device, err);
	if (fd == -EINVAL || fd == -ENODEV)
		return err_plain(err, -EINVAL,
				 "no ext4, xfs or btrfs in there that can be mounted");
	return fd;
}

int volume_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct volume_step *volume = container_of(step, struct volume_step, step);
	cleanup_close int image_fd = -EBADF;
	cleanup_close int loop_fd = -EBADF;
	char device[32];
	struct stat image;
	int number = -1;
	int fd;

	image_fd = open(volume->image, (volume->readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (image_fd < 0 || fstat(image_fd, &image) < 0)
		return err_set(err, -errno, "open the image");
	if (!S_ISBLK(image.st_mode)) {
		loop_fd = attach_loop(volume, run, image_fd, &image, &number, err);
		if (loop_fd < 0)
			return loop_fd;
	}
	(void)snprintf(device, sizeof(device), "/dev/loop%d", number);
	fd = mount_device(volume, S_ISBLK(image.st_mode) ? volume->image : device, err);
	if (fd < 0)
		return fd; /* closing the loop device detaches it */
	run->slots[volume->slot] = fd;
	return 0;
}

int volume_undo(const struct json *record, struct run *run, struct err *err)
{
	cleanup_close int loop_fd = -EBADF;
	uint64_t number, device, inode;
	struct loop_info64 info;

	if (json_u64(json_find(record, "loop"), &number) < 0 ||
	    json_u64(json_find(record, "device"), &device) < 0 ||
	    json_u64(json_find(record, "inode"), &inode) < 0)
		return 0; /* planned, but no device was chosen yet, or none is needed */
	loop_fd = open_loop((int)number, O_RDONLY);
	if (loop_fd == -ENOENT || loop_fd == -ENXIO)
		return 0;
	if (loop_fd < 0)
		return err_set(err, loop_fd, "open /dev/loop%d", (int)number);
	if (ioctl(loop_fd, LOOP_GET_STATUS64, &info) < 0 || info.lo_device != device ||
	    info.lo_inode != inode)
		return 0; /* free, or somebody else's by now */
	if (ioctl(loop_fd, LOOP_CLR_FD) < 0 && errno != ENXIO)
		return err_set(err, -errno, "detach /dev/loop%d", (int)number);
	return 0;
}
