#include "cli/interrupt.h"
#include "cli/pctrun.h"
#include "cli/relay.h"
#include "cli/terminal.h"
#include "cli/wait.h"

#include "lib/err.h"
#include "lib/msg.h"

#include <sys/ioctl.h>
#include <sys/prctl.h>

static const struct option_row options[] = {
	CREATE_OPTIONS,
	{"detach", 'd', NULL, "return once the program runs"},
	{"keep", 0, NULL, "do not delete the container when its program has ended"},
	{},
};

static int start_and_attend(const struct runtime *runtime, const char *id, pid_t pid,
			    int console_fd, int signal_fd, int *status, struct err *err)
{
	struct terminal terminal = {};
	int master_fd = pty_receive(console_fd), r;
	struct winsize size;

	if (master_fd >= 0) {
		terminal_of_stdio(&terminal);
		if (terminal_size(&terminal, &size))
			(void)ioctl(master_fd, TIOCSWINSZ, &size);
	}
	r = container_start(runtime, id, err);
	interrupts_end(r == 0 ? pid : 0);
	if (r == 0)
		return attend(pid, &terminal, master_fd, signal_fd, status, err);
	close_fd(master_fd);
	return r;
}

static int run_attached(const struct runtime *runtime, const char *id,
			struct create_options *create, bool keep, struct err *err)
{
	cleanup_close int signal_fd = signals_open(err), ours = -EBADF, theirs = -EBADF;
	struct runtime interruptible = *runtime;
	int pair[2], status = 0, r, deleted;
	pid_t pid;

	r = signal_fd < 0 ? signal_fd : interrupts_begin(&interruptible.cancel_fd, err);
	if (r < 0)
		return r;
	r = msg_pair(pair);
	if (r < 0)
		return err_set(err, r, "make a socket");
	ours = pair[0];
	theirs = pair[1];
	if (!create->console_socket)
		create->console_fd = theirs;
	r = container_create(&interruptible, id, create, &pid, err);
	if (r < 0)
		return r;
	r = start_and_attend(&interruptible, id, pid, ours, signal_fd, &status, err);
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
	int r;

	r = interrupts_begin(&interruptible.cancel_fd, err);
	if (r == 0)
		r = container_create(&interruptible, id, create, &pid, err);
	if (r < 0)
		return r;
	r = container_start(&interruptible, id, err);
	if (r < 0)
		(void)container_delete(runtime, id, true, NULL);
	return r;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *id = given->words[0];
	struct create_options create;
	int r;

	r = create_options_of(given, &create, err);
	if (r < 0)
		return r;
	create.detach = option_flag(given, "detach");
	if (create.detach)
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
