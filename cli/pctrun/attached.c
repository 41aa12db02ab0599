#include "cli/pctrun/attached.h"

#include "cli/pctrun/interrupt.h"
#include "cli/relay.h"
#include "cli/terminal.h"
#include "cli/wait.h"

#include "lib/err.h"
#include "lib/own.h"

#include <sys/ioctl.h>

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

static int make_interruptibly(const struct runtime *runtime, const char *id,
			      const struct attached *attached, pid_t *pid, struct err *err)
{
	struct runtime interruptible = *runtime;
	int r = interrupts_begin(&interruptible.cancel_fd, err);

	if (r < 0)
		return r;
	r = attached->make(attached, &interruptible, id, pid, err);
	interrupts_end(r == 0 ? *pid : 0);
	return r;
}

int attached_run(const struct runtime *runtime, const char *id, const struct attached *attached,
		 struct err *err)
{
	cleanup_close int signal_fd = signals_open(err);
	struct two_terminals terminals = {.master_fd = -EBADF};
	int status = 0, r, deleted;
	pid_t pid;

	attached->create->take_terminal = take_terminal;
	attached->create->take_data = &terminals;
	r = signal_fd < 0 ? signal_fd : make_interruptibly(runtime, id, attached, &pid, err);
	if (r < 0) {
		close_fd(terminals.master_fd);
		return r;
	}
	if (attached->made)
		attached->made(attached, pid);
	r = attend(pid, &terminals.ours, terminals.master_fd, signal_fd, &status, err);
	if (attached->keep && r == 0)
		return exit_status_of(status);
	deleted = container_delete(runtime, id, true, r < 0 ? NULL : err);
	if (r == 0)
		r = deleted;
	return r < 0 ? r : exit_status_of(status);
}
