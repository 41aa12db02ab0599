#include "lib/self.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>

extern char **environ;

enum { COPY_CHUNK = 1 << 30 };

static const char self[] = "/proc/self/exe";

/* With this process' own rights, and no container has more. A read-only mount says EROFS, an
 * immutable file EPERM. */
static int may_write(struct err *err)
{
	if (faccessat(AT_FDCWD, self, W_OK, AT_EACCESS) == 0)
		return true;
	if (errno == EROFS || errno == EACCES || errno == EPERM)
		return false;
	return err_set(err, -errno, "look at %s", self);
}

static int readonly_mount(void)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	cleanup_close int fd = sys_open_tree(AT_FDCWD, self, OPEN_TREE_CLONE);
	int r = fd < 0 ? fd : sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr);

	return r < 0 ? r : take_fd(&fd);
}

static int copy(int from_fd, int to_fd)
{
	ssize_t n;

	do
		n = sendfile(to_fd, from_fd, NULL, COPY_CHUNK);
	while (n > 0);
	return n < 0 ? -errno : 0;
}

/* What is open for writing can't be executed (ETXTBSY), so it is opened once more. */
static int sealed_copy(int self_fd)
{
	cleanup_close int fd = sys_memfd_executable(program_invocation_short_name);
	int r = fd < 0 ? fd : copy(self_fd, fd);
	char path[32];

	if (r < 0)
		return r;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = open(path, O_RDONLY | O_CLOEXEC);
	return r < 0 ? -errno : r;
}

static bool is_sealed(int fd)
{
	const int seals = fcntl(fd, F_GET_SEALS); /* EINVAL where there can't be any */

	return seals >= 0 && seals & F_SEAL_WRITE;
}

/* Return: a descriptor to execute; -EALREADY when this process runs from a sealed copy. */
static int open_sealed(void)
{
	cleanup_close int self_fd = -EBADF;
	int fd = readonly_mount();

	if (fd != -EPERM)
		return fd;
	self_fd = open(self, O_RDONLY | O_CLOEXEC);
	if (self_fd < 0)
		return -errno;
	return is_sealed(self_fd) ? -EALREADY : sealed_copy(self_fd);
}

int self_seal(char **argv, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r = may_write(err);

	if (r < 0)
		return r;
	fd = r ? open_sealed() : -EALREADY;
	if (fd == -EALREADY) {
		/* An execution by descriptor has made a number of it. */
		(void)prctl(PR_SET_NAME, program_invocation_short_name);
		return 0;
	}
	if (fd >= 0)
		(void)execveat(fd, "", argv, environ, AT_EMPTY_PATH);
	return err_set(err, fd < 0 ? fd : -errno, "make this program's own file read-only");
}
