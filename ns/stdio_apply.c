#include "lib/err.h"
#include "lib/own.h"
#include "ns/stdio.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { STDIO_COUNT = 3, NULL_MAJOR = 1, NULL_MINOR = 3 };

static bool is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(NULL_MAJOR, NULL_MINOR);
}

/* What an exec finds at /dev/null is up to the container: neither waits for it nor believes it. */
static int reopen_null(int fd, struct err *err)
{
	const int mode = fcntl(fd, F_GETFL) & O_ACCMODE;
	cleanup_close int own_fd =
		open("/dev/null", mode | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (own_fd < 0)
		return err_set(err, -errno, "open the container's /dev/null");
	if (fstat(own_fd, &st) < 0 || !is_null_device(&st))
		return err_plain(err, -ENODEV, "the container's /dev/null is no null device");
	(void)fcntl(own_fd, F_SETFL, 0); /* only to not wait: it never does */
	return dup2(own_fd, fd) < 0 ? err_set(err, -errno, "connect descriptor %d", fd) : 0;
}

static int give(int fd, uint32_t uid, struct err *err)
{
	if (fchown(fd, uid, (gid_t)-1) == 0)
		return 0;
	/* somebody else's, or without an id here: it stays as it is */
	if (errno == EPERM || errno == EINVAL || errno == EROFS)
		return 0;
	return err_set(err, -errno, "give descriptor %d to user %u", fd, uid);
}

int stdio_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct stdio_step *stdio = container_of(step, struct stdio_step, step);
	int r = 0;

	for (int fd = 0; r == 0 && fd < STDIO_COUNT; fd++) {
		struct stat st;

		if (fstat(fd, &st) < 0)
			continue; /* closed: a program may be started that way */
		if (is_null_device(&st))
			r = reopen_null(fd, err);
		else if ((S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) && stdio->uid != 0 &&
			 st.st_uid != stdio->uid)
			r = give(fd, stdio->uid, err);
	}
	return r;
}
