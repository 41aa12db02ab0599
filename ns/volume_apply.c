#include "lib/err.h"
#include "lib/fs.h"
#include "lib/json.h"
#include "lib/loop.h"
#include "lib/run.h"
#include "ns/volume.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

struct attaching {
	const struct volume_step *volume;
	struct run *run;
	const struct stat *image;
};

/*
 * The number is in the journal before the device has the image: from then until it is mounted
 * only our descriptor keeps the device.
 */
static int note(void *data, int number, struct err *err)
{
	const struct attaching *attaching = data;
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_u64(out, "loop", (uint64_t)number);
	json_out_u64(out, "device", attaching->image->st_dev);
	json_out_u64(out, "inode", attaching->image->st_ino);
	json_out_end(out);
	return run_note(attaching->run, &attaching->volume->step, out, err);
}

static int attach(const struct volume_step *volume, struct run *run, int image_fd,
		  const struct stat *image, int *number, struct err *err)
{
	struct attaching attaching = {volume, run, image};
	const struct loop_request request = {
		.name = volume->image,
		.image_fd = image_fd,
		.readonly = volume->readonly,
		.note = note,
		.data = &attaching,
	};

	return loop_attach(&request, number, err);
}

int volume_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct volume_step *volume = container_of(step, struct volume_step, step);
	cleanup_close int image_fd = -EBADF;
	cleanup_close int loop_fd = -EBADF;
	char loop[32];
	struct fs_device fs = {volume->image, volume->type, volume->data, volume->readonly};
	struct stat image;
	int number, fd;

	image_fd = open(volume->image, (volume->readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (image_fd < 0 || fstat(image_fd, &image) < 0)
		return err_set(err, -errno, "open the image");
	if (!S_ISBLK(image.st_mode)) {
		loop_fd = attach(volume, run, image_fd, &image, &number, err);
		if (loop_fd < 0)
			return loop_fd;
		(void)snprintf(loop, sizeof(loop), "/dev/loop%d", number);
		fs.device = loop;
	}
	fd = fs_mount(&fs, err);
	if (fd < 0)
		return fd; /* closing the loop device detaches it */
	run->slots[volume->slot] = fd;
	return 0;
}

int volume_undo(const struct json *record, struct run *run, struct err *err)
{
	cleanup_close int loop_fd = -EBADF;
	uint64_t number, device, inode;
	struct stat image = {};

	if (json_u64(json_find(record, "loop"), &number) < 0 ||
	    json_u64(json_find(record, "device"), &device) < 0 ||
	    json_u64(json_find(record, "inode"), &inode) < 0)
		return 0; /* planned, but no device was chosen yet, or none is needed */
	image.st_dev = device;
	image.st_ino = inode;
	loop_fd = loop_open((int)number, O_RDONLY);
	if (loop_fd == -ENOENT || loop_fd == -ENXIO)
		return 0;
	if (loop_fd < 0)
		return err_set(err, loop_fd, "open /dev/loop%d", (int)number);
	if (!loop_has(loop_fd, &image))
		return 0; /* free, or somebody else's by now */
	if (ioctl(loop_fd, LOOP_CLR_FD) < 0 && errno != ENXIO)
		return err_set(err, -errno, "detach /dev/loop%d", (int)number);
	return 0;
}
