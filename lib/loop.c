#include "lib/loop.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

enum { LOOP_TRIES = 64 }; /* somebody else may take the free device first */

int loop_open(int number, int flags)
{
	char path[32];
	int fd;

	(void)snprintf(path, sizeof(path), "/dev/loop%d", number);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int configure(int loop_fd, const struct loop_request *request)
{
	struct loop_config config = {
		.fd = (uint32_t)request->image_fd,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR | (request->readonly ? LO_FLAGS_READ_ONLY : 0),
	};

	(void)snprintf((char *)config.info.lo_file_name, sizeof(config.info.lo_file_name), "%s",
		       request->name);
	return ioctl(loop_fd, LOOP_CONFIGURE, &config) < 0 ? -errno : 0;
}

/* Return: -EBUSY: somebody else has it by now. */
static int attach_to(const struct loop_request *request, int number, struct err *err)
{
	cleanup_close int loop_fd = loop_open(number, request->readonly ? O_RDONLY : O_RDWR);
	int r;

	if (loop_fd < 0)
		return err_sys(err, loop_fd, "open", "open /dev/loop%d", number);
	r = request->note ? request->note(request->data, number, err) : 0;
	if (r < 0)
		return r;
	r = configure(loop_fd, request);
	return r < 0 ? err_sys(err, r, "ioctl", "attach a loop device") : take_fd(&loop_fd);
}

static int no_control(int num, struct err *err)
{
	err_sys(err, -num, "open", "open /dev/loop-control");
	err_fact(err, num == ENOENT || num == ENODEV || num == ENXIO
			      ? "this kernel's loop driver is not loaded"
			      : "the loop driver's control device can't be used");
	err_hint(err,
		 "modprobe loop; in an outer container, pass /dev/loop-control and /dev/loop*");
	return -num;
}

int loop_attach(const struct loop_request *request, int *number, struct err *err)
{
	cleanup_close int control_fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int fd = -EBUSY;

	if (control_fd < 0)
		return no_control(errno, err);
	for (int i = 0; i < LOOP_TRIES && fd == -EBUSY; i++) {
		*number = ioctl(control_fd, LOOP_CTL_GET_FREE);
		if (*number < 0)
			return err_sys(err, -errno, "ioctl", "find a free loop device");
		fd = attach_to(request, *number, err);
	}
	return fd;
}

bool loop_has(int loop_fd, const struct stat *image)
{
	struct loop_info64 info;

	return ioctl(loop_fd, LOOP_GET_STATUS64, &info) == 0 && info.lo_device == image->st_dev &&
	       info.lo_inode == image->st_ino;
}

int loop_find(const struct stat *image, int flags, int *number)
{
	DIR *dir = opendir("/sys/block");
	struct dirent *entry;
	int found = -ENOENT;

	while (dir && found < 0 && (entry = readdir(dir))) {
		unsigned int at;

		if (!starts_with(entry->d_name, "loop") || parse_u32(entry->d_name + 4, &at) < 0)
			continue;
		found = loop_open((int)at, flags);
		if (found >= 0 && !loop_has(found, image))
			found = close_fd(found);
		*number = (int)at;
	}
	if (dir)
		closedir(dir);
	return found < 0 ? -ENOENT : found;
}
