#include "lib/mountinfo.h"
#include "lib/run.h"
#include "ns/volume.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <linux/major.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool loop_has(unsigned int number, const struct stat *image)
{
	cleanup_close int fd = -EBADF;
	struct loop_info64 info;
	char path[32];

	(void)snprintf(path, sizeof(path), "/dev/loop%u", number);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && ioctl(fd, LOOP_GET_STATUS64, &info) == 0 &&
	       info.lo_device == image->st_dev && info.lo_inode == image->st_ino;
}

static bool is_of(const struct mountinfo *mount, const struct stat *image)
{
	if (S_ISBLK(image->st_mode))
		return image->st_rdev == makedev(mount->major, mount->minor);
	return mount->major == LOOP_MAJOR && loop_has(mount->minor, image);
}

/* Whether the container has a mount of the image, wherever. */
int volume_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err)
{
	const struct volume_step *volume = container_of(step, struct volume_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const struct mountinfo *list;
	struct stat image;
	int r;

	if (stat(volume->image, &image) < 0)
		return observe(seen, OBSERVED_UNSEEN, "the image is not there any more");
	r = mountinfo_read(&arena, run->pid_dir_fd, &list, err);
	if (r < 0)
		return r;
	for (const struct mountinfo *mount = list; mount; mount = mount->next)
		if (is_of(mount, &image))
			return observe(seen, OBSERVED_HOLDS, "%s on %s, %s", mount->source,
				       mount->target, mount->super_options);
	return observe(seen, OBSERVED_DIFFERS, "it is mounted nowhere in the container");
}
