#include "runtime/hooks.h"

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "lib/process_limit.h"
#include "lib/sys.h"
#include "oci/state.h"
#include "runtime/container.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* One hook while it runs: our ends of its pipes. */
struct running {
	pid_t pid;
	int pid_fd;
	int input_fd;     /* takes its stdin                                      */
	int failure_fd;   /* gives the errno of what failed before it could begin */
	const char *rest; /* of its input */
	size_t length;
};

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

static _Noreturn void become(const struct oci_hook *hook, const struct hook_context *context,
			     int input_fd, int failure_fd)
{
	const struct oci_strings *env = hook->env_set || !context->env ? &hook->env : context->env;
	const char **argv = list_of(&hook->args, hook->path);
	const char **envp = list_of(env, NULL);
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	if (argv && envp && (!context->cwd || chdir(context->cwd) == 0) && dup2(input_fd, 0) == 0 &&
	    sys_close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		(void)execve(hook->path, (char **)argv, (char **)envp);
	(void)write(failure_fd, &errno, sizeof(errno)); /* without it: an exit status */
	_exit(EXIT_FAILURE);
}

static int start(const struct oci_hook *hook, const struct hook_context *context,
		 struct running *running)
{
	struct clone_request request = {.cgroup_fd = -EBADF, .exit_signal = SIGCHLD};
	cleanup_close int input_fd = -EBADF, failure_fd = -EBADF;
	int input[2], failure[2];

	if (pipe2(input, O_CLOEXEC) < 0)
		return -errno;
	input_fd = input[0];
	running->input_fd = input[1];
	if (pipe2(failure, O_CLOEXEC) < 0)
		return -errno;
	running->failure_fd = failure[0];
	failure_fd = failure[1];
	request.pid_fd = &running->pid_fd;
	running->pid = sys_clone(&request);
	if (running->pid == 0)
		become(hook, context, input_fd, failure_fd);
	return running->pid < 0 ? running->pid : 0;
}

/* As much as the pipe takes. A hook that closed its stdin wants no more. */
static void feed(struct running *running)
{
	ssize_t n = write(running->input_fd, running->rest, running->length);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	running->rest += n > 0 ? n : 0;
	running->length -= n > 0 ? (size_t)n : 0;
	if (n < 0 || running->length == 0)
		running->input_fd = close_fd(running->input_fd);
}

/* Return: 0 when it has ended, -ETIMEDOUT at the end of its time, -EINTR when nobody waits any
 * more.
 */
static int attend(struct running *running, const struct opt_i64 *timeout, int cancel_fd)
{
	const int64_t end = timeout->set && timeout->value < INT_MAX
				    ? deadline_in((unsigned int)timeout->value)
				    : DEADLINE_NONE;

	for (;;) {
		struct pollfd polled[] = {{.fd = running->pid_fd, .events = POLLIN},
					  {.fd = running->input_fd, .events = POLLOUT},
					  {.fd = cancel_fd, .events = POLLIN}};
		const int left = deadline_left(end);

		if (left == 0)
			return -ETIMEDOUT;
		if (poll(polled, ARRAY_SIZE(polled), left) < 0)
			continue;
		if (polled[0].revents)
			return 0;
		if (polled[2].revents)
			return -EINTR;
		if (polled[1].revents)
			feed(running);
	}
}

static int ended_late(int r, struct err *err)
{
	err_set(err, r, r == -EINTR ? "killed" : "killed at the end of its time");
	if (r == -ETIMEDOUT)
		err_hint(err, "raise its timeout, or have it do the long part in the background");
	return r;
}

/* What a shell's exit status says of the command it was given, and execve of a hook's own file. */
static const struct {
	int num, status;
	const char *hint;
} meanings[] = {
	{ENOENT, 127, "create the hook's file or the interpreter that its #! names"},
	{EACCES, 126, "chmod +x the hook's file; on a mount with noexec nothing runs"},
	{ENOEXEC, -1, "begin the hook's file with #!/bin/sh"},
	{ECANCELED, -1, "run it by hand, with the container's state as JSON on its input"},
};

/* A hook of a shell is what the shell runs. */
static const char *command_of(const struct oci_hook *hook)
{
	const bool shell = hook->args.count == 3 && strcmp(hook->args.items[1], "-c") == 0;

	return shell ? hook->args.items[2] : hook->path;
}

static void advise(const struct oci_hook *hook, struct err *err)
{
	int status = -1;

	(void)sscanf(err->leaf, "exit status %d", &status);
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++) {
		if (meanings[i].num != err->num &&
		    (meanings[i].status < 0 || meanings[i].status != status))
			continue;
		err_hint(err, "%s: %s", meanings[i].hint, command_of(hook));
	}
}

static int judge(const struct running *running, int r, int status, struct err *err)
{
	int number;

	if (r < 0)
		return ended_late(r, err);
	if (read(running->failure_fd, &number, sizeof(number)) == sizeof(number))
		return err_sys(err, -number, "execve", "run it");
	if (WIFSIGNALED(status))
		return err_plain(err, -ECANCELED, "ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return err_plain(err, -ECANCELED, "exit status %d", WEXITSTATUS(status));
	return 0;
}

static int finish(struct running *running, const struct opt_i64 *timeout, int cancel_fd,
		  struct err *err)
{
	int status = 0, r;

	(void)fcntl(running->input_fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(running->failure_fd, F_SETFL, O_NONBLOCK);
	r = attend(running, timeout, cancel_fd);
	if (r < 0)
		(void)sys_pidfd_send_signal(running->pid_fd, SIGKILL);
	while (waitpid(running->pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for it");
	return judge(running, r, status, err);
}

static int hook_run(const struct oci_hook *hook, const struct hook_context *context,
		    const char *state, struct err *err)
{
	struct running running = {.pid_fd = -EBADF,
				  .input_fd = -EBADF,
				  .failure_fd = -EBADF,
				  .rest = state,
				  .length = strlen(state)};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction before;
	int r;

	(void)sigaction(SIGPIPE, &ignore, &before); /* a hook need not read its input */
	r = start(hook, context, &running);
	if (r < 0) {
		err_set(err, r, "start it");
		process_limit(-EBADF, err);
	} else {
		r = finish(&running, &hook->timeout, context->cancel_fd, err);
	}
	(void)sigaction(SIGPIPE, &before, NULL);
	close_fd(running.pid_fd);
	close_fd(running.input_fd);
	close_fd(running.failure_fd);
	return r;
}

static void blame(const char *name, size_t index, const struct oci_hook *hook,
		  const struct hook_context *context, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *path = arena_printf(&arena, "hooks.%s[%zu]", name, index);

	advise(hook, err);
	err_add(err, "error running %s hook #%zu: %s", name, index, hook->path);
	err_origin(err, origin_find(&arena, context->origins, path));
	err_stage(err, name);
}

int hooks_run(const char *name, const struct oci_hook_list *hooks,
	      const struct hook_context *context, struct err *err)
{
	cleanup_free char *state = NULL;
	int r = 0;

	if (hooks->count == 0)
		return 0;
	state = oci_state_write(context->state, false);
	for (size_t i = 0; r == 0 && i < hooks->count; i++) {
		r = hook_run(&hooks->items[i], context, state, err);
		if (r < 0)
			blame(name, i, &hooks->items[i], context, err);
	}
	return r;
}

void hooks_poststop(const struct runtime *runtime, const struct oci_hook_list *hooks,
		    const struct oci_state *state)
{
	const struct hook_context context = {
		.state = state, .cwd = state->bundle, .cancel_fd = -EBADF};
	struct err err = {};
	char line[1600];

	for (size_t i = 0; i < hooks->count; i++) {
		const struct oci_hook_list one = {1, &hooks->items[i]};

		if (hooks_run("poststop", &one, &context, &err) < 0 && runtime->warn)
			runtime->warn(runtime->warn_data, err_text(&err, line, sizeof(line)));
	}
}
