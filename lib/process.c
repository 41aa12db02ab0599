#include "lib/process.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

/* Tools keep PATH and nothing else that could change what they do or say. */
static int spawn(const char *const argv[], int out_fd, pid_t *pid)
{
	const char *path = getenv("PATH");
	cleanup_(text_free) struct text variable = {};
	posix_spawn_file_actions_t actions;
	int r;

	text_addf(&variable, "PATH=%s:/usr/sbin:/sbin:/usr/bin:/bin", path ? path : "/usr/bin");
	char *environment[] = {variable.at, (char *)"LC_ALL=C", NULL};

	r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return -r;
	r = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out_fd, 1);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out_fd, 2);
	if (r == 0)
		r = posix_spawnp(pid, argv[0], &actions, NULL, (char *const *)argv, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static void read_output(int fd, struct text *output)
{
	char buffer[4096];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n > 0)
			text_addn(output, buffer, (size_t)n);
		else if (errno != EINTR)
			return;
	}
}

/* The last line that says something: where tools put their reason. */
static const char *last_line(const char *text, size_t *length)
{
	size_t end = strlen(text), start;

	while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == ' '))
		end--;
	start = end;
	while (start > 0 && text[start - 1] != '\n')
		start--;
	*length = end - start;
	return text + start;
}

static int judge(const char *tool, int status, const char *output, struct err *err)
{
	size_t length;
	const char *line = last_line(output, &length);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		return err_plain(err, -EIO, "%s: ended by signal %d", tool, WTERMSIG(status));
	return err_plain(err, -EIO, "%s: exit status %d: %.*s", tool, WEXITSTATUS(status),
			 (int)length, line);
}

int process_run(const char *const argv[], struct text *output, struct err *err)
{
	cleanup_(text_free) struct text own = {};
	cleanup_close int read_fd = -EBADF;
	cleanup_close int write_fd = -EBADF;
	struct text *all = output ? output : &own;
	int pipe_fds[2], status, r;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "make a pipe for %s", argv[0]);
	read_fd = pipe_fds[0];
	write_fd = pipe_fds[1];
	r = spawn(argv, write_fd, &pid);
	write_fd = close_fd(write_fd);
	if (r < 0) {
		err_set(err, r, "run %s", argv[0]);
		if (r == -ENOENT)
			err_hint(err, "install it on the host");
		return r;
	}
	read_output(read_fd, all);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for %s", argv[0]);
	return judge(argv[0], status, text_str(all), err);
}
