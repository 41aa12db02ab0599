#include "cli/interrupt.h"
#include "cli/pctrun.h"
#include "cli/relay.h"
#include "cli/terminal.h"
#include "cli/wait.h"

#include "lib/err.h"
#include "lib/notify.h"
#include "lib/own.h"
#include "runtime/readiness.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct option_row options[] = {
	CREATE_OPTIONS,
	{"detach", 'd', NULL, "return once the program runs"},
	{"keep", 0, NULL, "do not delete the container when its program has ended"},
	{},
};

/* The caller's terminal and the program's, where it has one. */
struct two_terminals {
	struct terminal ours;
	int master_fd;
};

static void take_terminal(void *data, int console_fd)
{
	struct two_terminals *terminals = data;
	struct winsize size;

	terminals->master_fd = pty_receive(console_fd);
	if (terminals->master_fd < 0)
		return;
	terminal_of_stdio(&terminals->ours);
	if (terminal_size(&terminals->ours, &size))
		(void)ioctl(terminals->master_fd, TIOCSWINSZ, &size);
}

/* Return: 0, with the program running; on failure nothing of the container is left. */
static int run_interruptibly(const struct runtime *runtime, const char *id,
			     const struct create_options *create, pid_t *pid, struct err *err)
{
	struct runtime interruptible = *runtime;
	int r = interrupts_begin(&interruptible.cancel_fd, err);

	if (r < 0)
		return r;
	r = container_run(&interruptible, id, create, pid, err);
	interrupts_end(r == 0 ? *pid : 0);
	return r;
}

static int ready_fd_of(const struct create_options *create)
{
	return create->ready_fd ? *create->ready_fd : -EBADF;
}

/* Beside what this process does until the end of the program. Without a process for it the manager
 * waits in vain, and says so. */
static void pass_readiness_on(int ready_fd, pid_t pid)
{
	if (ready_fd < 0 || fork() != 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(readiness_pass_on(ready_fd, pid, false, -EBADF, NULL) < 0);
}

static int run_attached(const struct runtime *runtime, const char *id,
			const struct create_options *given, bool keep, struct err *err)
{
	cleanup_close int signal_fd = signals_open(err);
	struct two_terminals terminals = {.master_fd = -EBADF};
	struct create_options create = *given;
	int status = 0, r, deleted;
	pid_t pid;

	create.take_terminal = take_terminal;
	create.take_data = &terminals;
	r = signal_fd < 0 ? signal_fd : run_interruptibly(runtime, id, &create, &pid, err);
	if (r < 0) {
		close_fd(terminals.master_fd);
		return r;
	}
	pass_readiness_on(ready_fd_of(&create), pid);
	r = attend(pid, &terminals.ours, terminals.master_fd, signal_fd, &status, err);
	if (keep && r == 0)
		return exit_status_of(status);
	deleted = container_delete(runtime, id, true, r < 0 ? NULL : err);
	if (r == 0)
		r = deleted;
	return r < 0 ? r : exit_status_of(status);
}

static int run_detached(const struct runtime *runtime, const char *id,
			const struct create_options *create, struct err *err)
{
	struct runtime interruptible = *runtime;
	pid_t pid;
	int r = interrupts_begin(&interruptible.cancel_fd, err);

	if (r == 0)
		r = container_run(&interruptible, id, create, &pid, err);
	return r < 0 || ready_fd_of(create) < 0 ? r
						: readiness_pass_on(*create->ready_fd, pid, true,
								    interruptible.cancel_fd, err);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *id = given->words[0];
	cleanup_close int ready_fd = -EBADF;
	struct create_options create;
	int r;

	r = create_options_of(given, &create, err);
	if (r < 0)
		return r;
	create.ready_fd = notify_wanted() ? &ready_fd : NULL;
	if (option_flag(given, "detach"))
		return run_detached(runtime, id, &create, err);
	if (!option_flag(given, "no-subreaper"))
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	return run_attached(runtime, id, &create, option_flag(given, "keep"), err);
}

const struct verb verb_run = {
	.name = "run",
	.words = "ID",
	.help = "create, start, wait for the program and delete",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.enters = true,
	.run = run,
};
