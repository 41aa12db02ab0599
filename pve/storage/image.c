#include "pve/storage/type.h"

#include "lib/err.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* Sparse, or with blocks that are taken now: what doesn't fit fails here and not in a container. */
static int set_size(const struct storage *storage, int fd, uint64_t size)
{
	const char *how = storage->preallocation ? storage->preallocation : "off";
	bool fallocated = strcmp(how, "falloc") == 0 || strcmp(how, "full") == 0;

	if (fallocated && fallocate(fd, 0, 0, (off_t)size) < 0)
		return -errno;
	return ftruncate(fd, (off_t)size) < 0 ? -errno : 0;
}

/* O_EXCL: what is there already is never written to. */
int image_make(const struct storage *storage, const char *path, uint64_t size, struct err *err)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	int r;

	if (fd < 0)
		return err_set(err, -errno, "make volume %s", path);
	r = set_size(storage, fd, size);
	if (r == 0)
		return 0;
	(void)unlink(path); /* ours, and the first failure is what counts */
	return err_set(err, r, "make volume %s", path);
}

int image_size(const char *path, uint64_t *size, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(err, -errno, "look at volume %s", path);
	*size = (uint64_t)st.st_size;
	return 0;
}

/* Whatever stops it in between, the file system in there is still as big as it was. */
int image_resize(const struct storage *storage, const char *path, uint64_t size, struct err *err)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(err, -errno, "open volume %s", path);
	r = set_size(storage, fd, size);
	if (r < 0)
		(void)ftruncate(fd, st.st_size); /* a disk that got full has filled some of it */
	return r < 0 ? err_set(err, r, "resize volume %s", path) : 0;
}

int image_protect(const char *path, bool protect, struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int flags;

	if (fd < 0)
		return err_set(err, -errno, "open %s", path);
	if (protect && fchmod(fd, 0444) < 0)
		return err_set(err, -errno, "make %s read-only", path);
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return 0; /* a file system without such flags: the mode has to do */
	flags = protect ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
	if (ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0 && errno != EOPNOTSUPP && errno != ENOTTY)
		return err_set(err, -errno, "make %s immutable", path);
	return 0;
}
