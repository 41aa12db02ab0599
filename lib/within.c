#include "lib/within.h"

#include "lib/file.h"
#include "lib/sys.h"
#include "lib/worker.h"

#include <fcntl.h>
#include <sys/stat.h>

struct reading {
	struct run *run;
	int flags;
	const char *path;
	int result_fd;
};

/* The kernel refuses to join one's own user namespace. */
static int joinable(const struct run *run, int flags)
{
	struct stat ours, theirs;

	if (flags & CLONE_NEWUSER && fstatat(run->pid_dir_fd, "ns/user", &theirs, 0) == 0 &&
	    stat("/proc/self/ns/user", &ours) == 0 && ours.st_ino == theirs.st_ino)
		flags &= ~CLONE_NEWUSER;
	return flags ? flags : CLONE_NEWUTS;
}

/* As an ordinary user only by way of the user namespace that owns the others. */
static int join(const struct run *run, int flags)
{
	if (setns(run->pid_fd, joinable(run, flags)) == 0)
		return 0;
	if (errno != EPERM || setns(run->pid_fd, joinable(run, flags | CLONE_NEWUSER)) < 0)
		return -errno;
	return 0;
}

static int read_one(void *data, struct err *err)
{
	const struct reading *reading = data;
	char line[4096];
	ssize_t length;
	int r = join(reading->run, reading->flags);

	if (r < 0)
		return r;
	length = file_line(AT_FDCWD, reading->path, line, sizeof(line));
	return length < 0 ? (int)length : write_all(reading->result_fd, line, (size_t)length);
}

int run_read_within(struct run *run, int flags, const char *path, char *line, size_t size)
{
	cleanup_close int read_fd = -EBADF;
	cleanup_close int write_fd = -EBADF;
	struct reading reading = {.run = run, .flags = flags, .path = path};
	int pipe_fds[2], r;
	ssize_t length;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0) /* holds a line in any case */
		return -errno;
	read_fd = pipe_fds[0];
	write_fd = reading.result_fd = pipe_fds[1];
	r = worker_run(read_one, &reading, NULL);
	write_fd = close_fd(write_fd);
	if (r < 0)
		return r;
	length = read(read_fd, line, size - 1);
	line[length < 0 ? 0 : length] = '\0';
	return 0;
}
