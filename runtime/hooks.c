#include "runtime/hooks.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "oci/state.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* argv and envp as execve(2) wants them. */
static const char **list_of(const struct oci_strings *strings, const char *first)
{
	const char **list = calloc(strings->count + 2, sizeof(*list));
	size_t n = 0;

	if (!list)
		return NULL;
	if (strings->count == 0 && first)
		list[n++] = first;
	for (size_t i = 0; i < strings->count; i++)
		list[n++] = strings->items[i];
	return list;
}

static _Noreturn void become(const struct oci_hook *hook, int input_fd,
			     const struct oci_strings *env)
{
	const char **argv = list_of(&hook->args, hook->path);
	const char **envp = list_of(env, NULL);
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (argv && envp && dup2(input_fd, 0) == 0)
		(void)execve(hook->path, (char **)argv, (char **)envp);
	_exit(errno == ENOENT ? 127 : 126);
}

static int hook_wait(int pid_fd, pid_t pid, const struct opt_i64 *timeout, int *status)
{
	struct pollfd ended = {.fd = pid_fd, .events = POLLIN};
	int r, timeout_ms = timeout->set ? (int)timeout->value * 1000 : -1;

	do
		r = poll(&ended, 1, timeout_ms);
	while (r < 0 && errno == EINTR);
	if (r == 0)
		(void)sys_pidfd_send_signal(pid_fd, SIGKILL);
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return r == 0 ? -ETIMEDOUT : 0;
}

static int judge(const char *path, int r, int status, struct err *err)
{
	if (r < 0)
		return err_set(err, r, "%s", path);
	if (WIFSIGNALED(status))
		return err_plain(err, -ECANCELED, "%s: ended by signal %d", path, WTERMSIG(status));
	if (WEXITSTATUS(status) == 127)
		return err_set(err, -ENOENT, "%s", path);
	if (WEXITSTATUS(status) == 126)
		return err_set(err, -EACCES, "%s", path);
	if (WEXITSTATUS(status) != 0)
		return err_plain(err, -ECANCELED, "%s: exit status %d", path, WEXITSTATUS(status));
	return 0;
}

static int hook_run(const struct oci_hook *hook, const char *state, const struct oci_strings *env,
		    struct err *err)
{
	const struct clone_request request = {.cgroup_fd = -EBADF, .exit_signal = SIGCHLD};
	cleanup_close int read_fd = -EBADF, write_fd = -EBADF, pid_fd = -EBADF;
	struct clone_request with_fd = request;
	int pipe_fds[2], status = 0, r;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "%s", hook->path);
	read_fd = pipe_fds[0];
	write_fd = pipe_fds[1];
	with_fd.pid_fd = &pid_fd;
	pid = sys_clone(&with_fd);
	if (pid < 0)
		return err_set(err, pid, "%s", hook->path);
	if (pid == 0)
		become(hook, read_fd, env);
	read_fd = close_fd(read_fd);
	(void)signal(SIGPIPE, SIG_IGN); /* a hook need not read its input */
	(void)write_all(write_fd, state, strlen(state));
	write_fd = close_fd(write_fd);
	r = hook_wait(pid_fd, pid, &hook->timeout, &status);
	return judge(hook->path, r, status, err);
}

int hooks_run(const char *name, const struct oci_hook_list *hooks, const struct oci_state *state,
	      const struct oci_strings *env, struct err *err)
{
	static const struct oci_strings nothing;
	cleanup_free char *text = NULL;

	if (hooks->count == 0)
		return 0;
	text = oci_state_write(state, false);
	for (size_t i = 0; i < hooks->count; i++) {
		const struct oci_hook *hook = &hooks->items[i];
		const struct oci_strings *its = hook->env_set || !env ? &hook->env : env;
		int r = hook_run(hook, text, its ? its : &nothing, err);

		if (r < 0) {
			err_add(err, "error running %s hook #%zu", name, i);
			return r;
		}
	}
	return 0;
}
