#include "lib/loop.h"
#include "lib/mountinfo.h"
#include "lib/run.h"
#include "ns/volume.h"

#include <fcntl.h>
#include <linux/major.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool is_loop_of(unsigned int number, const struct stat *image)
{
	cleanup_close int fd = loop_open((int)number, O_RDONLY);

	return fd >= 0 && loop_has(fd, image);
}

static bool is_of(const struct mountinfo *mount, const struct stat *image)
{
	if (S_ISBLK(image->st_mode))
		return image->st_rdev == makedev(mount->major, mount->minor);
	return mount->major == LOOP_MAJOR && is_loop_of(mount->minor, image);
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
