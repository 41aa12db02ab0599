#include "lib/err.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/dev.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

int dev_observe(const struct step *step, struct run *run, struct observation *seen, struct err *err)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);
	cleanup_close int fd = sys_open_in_root(run->root_fd, dev->path, O_PATH | O_NOFOLLOW, 0);
	struct stat st;

	if (fd == -ENOENT)
		return observe(seen, OBSERVED_DIFFERS, "there is no %s", dev->path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return observe(seen, OBSERVED_UNSEEN, "%s can't be looked at", dev->path);
	if ((st.st_mode & S_IFMT) != (dev->mode & S_IFMT))
		return observe(seen, OBSERVED_DIFFERS, "%s is no such device", dev->path);
	if (!S_ISFIFO(st.st_mode) && st.st_rdev != makedev(dev->major, dev->minor))
		return observe(seen, OBSERVED_DIFFERS, "%s is %u:%u", dev->path, major(st.st_rdev),
			       minor(st.st_rdev));
	return observe(seen, OBSERVED_HOLDS, "%s %u:%u, %04o", dev->path, major(st.st_rdev),
		       minor(st.st_rdev), st.st_mode & 07777);
}

int dev_links_observe(const struct step *step, struct run *run, struct observation *seen,
		      struct err *err)
{
	cleanup_close int dir_fd = sys_open_in_root(run->root_fd, "/dev", O_PATH, 0);
	char to[PATH_MAX];

	if (dir_fd < 0)
		return observe(seen, OBSERVED_DIFFERS, "there is no /dev");
	for (const struct dev_link *link = dev_links; link->name; link++) {
		ssize_t length = readlinkat(dir_fd, link->name, to, sizeof(to) - 1);

		if (length < 0)
			return observe(seen, OBSERVED_DIFFERS, "/dev/%s is no link", link->name);
		to[length] = '\0';
	}
	return observe(seen, OBSERVED_HOLDS, "all there");
}
