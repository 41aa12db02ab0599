#include "lib/worker.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/process_limit.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct answer {
	int result;
	struct err err;
};

static _Noreturn void child(int (*work)(void *data, struct err *err), void *data, int fd,
			    pid_t parent)
{
	struct answer answer = {};

	/* An interrupt ends the work; who waits for it may have something to take back first. */
	(void)signal(SIGHUP, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* only fails for bad signals */
	if (getppid() != parent)
		_exit(1);
	answer.result = work(data, &answer.err);
	_exit(write_all(fd, &answer, sizeof(answer)) < 0);
}

/* Who reads what we print doesn't wait for a child that may never end. */
static void let_go_of_stdio(void)
{
	cleanup_close int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; fd > STDERR_FILENO && i <= STDERR_FILENO; i++)
		(void)dup2(fd, i);
}

/* Once it begins to come the work is done. Return: its answer's length; -ETIMEDOUT. */
static ssize_t read_answer(int fd, int timeout_ms, struct answer *answer)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	size_t length = 0;
	ssize_t n;

	do
		n = poll(&poll_fd, 1, timeout_ms);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return -ETIMEDOUT;
	do {
		n = read(fd, (char *)answer + length, sizeof(*answer) - length);
		length += n > 0 ? (size_t)n : 0;
	} while ((n > 0 && length < sizeof(*answer)) || (n < 0 && errno == EINTR));
	return (ssize_t)length;
}

static int wait_child(pid_t pid, int fd, int timeout_ms, struct err *err)
{
	struct answer answer;
	ssize_t n = read_answer(fd, timeout_ms, &answer);
	int status;

	if (n == -ETIMEDOUT) {
		(void)kill(pid, SIGKILL); /* waiting for it might take as long as the work */
		return err_plain(err, -ETIMEDOUT, "no answer within %d s", timeout_ms / 1000);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for a child process");
	if (n != (ssize_t)sizeof(answer))
		return err_plain(err, -EIO, "a child process ended before its work was done");
	if (err && answer.result < 0)
		*err = answer.err;
	return answer.result;
}

static int no_child(int num, struct err *err)
{
	err_sys(err, -num, "fork", "make a process");
	process_limit(-EBADF, err);
	return -num;
}

static int run(int timeout_ms, int (*work)(void *data, struct err *err), void *data,
	       struct err *err)
{
	cleanup_close int read_fd = -EBADF;
	cleanup_close int write_fd = -EBADF;
	pid_t parent = getpid(), pid;
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "make a pipe");
	read_fd = pipe_fds[0];
	write_fd = pipe_fds[1];
	(void)fflush(NULL); /* or the child would print it again */
	pid = fork();
	if (pid < 0)
		return no_child(errno, err);
	if (pid == 0 && timeout_ms >= 0)
		let_go_of_stdio();
	if (pid == 0)
		child(work, data, write_fd, parent);
	write_fd = close_fd(write_fd);
	return wait_child(pid, read_fd, timeout_ms, err);
}

int worker_run(int (*work)(void *data, struct err *err), void *data, struct err *err)
{
	return run(-1, work, data, err);
}

int worker_run_within(unsigned int seconds, int (*work)(void *data, struct err *err), void *data,
		      struct err *err)
{
	return run((int)seconds * 1000, work, data, err);
}

int worker_hide_mounts(struct err *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return err_set(err, -errno, "make a mount namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_set(err, -errno, "keep mounts to ourselves");
	return 0;
}
