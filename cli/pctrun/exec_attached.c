#include "cli/pctrun/exec_attached.h"

#include "cli/pctrun/interrupt.h"
#include "cli/relay.h"
#include "cli/terminal.h"
#include "cli/wait.h"

#include "lib/err.h"
#include "lib/msg.h"
#include "lib/own.h"
#include "oci/spec.h"
#include "runtime/container.h"

#include <sys/ioctl.h>

/* The caller's window is what will be seen; without one what the process asks for holds. */
static void take_size(const struct terminal *terminal, struct oci_process *process)
{
	struct winsize size;

	if (!terminal_size(terminal, &size))
		return;
	process->console_size.set = true;
	process->console_size.height = size.ws_row;
	process->console_size.width = size.ws_col;
}

/* Where the program's terminal comes, if it gets one. */
static int prepare_terminal(struct oci_process *process, struct terminal *terminal, int pair[2],
			    struct err *err)
{
	int r;

	if (!process->terminal)
		return 0;
	r = msg_pair(pair);
	if (r < 0)
		return err_set(err, r, "make a socket");
	terminal_of_stdio(terminal);
	take_size(terminal, process);
	return 0;
}

int exec_attached(const struct runtime *runtime, const char *id, struct exec_options *exec,
		  struct oci_process *process, struct err *err)
{
	cleanup_close int signal_fd = signals_open(err), ours = -EBADF, theirs = -EBADF;
	struct runtime interruptible = *runtime;
	struct terminal terminal = {};
	int pair[2] = {-EBADF, -EBADF}, status = 0, r;
	pid_t pid;

	r = signal_fd < 0 ? signal_fd : interrupts_begin(&interruptible.cancel_fd, err);
	if (r == 0)
		r = prepare_terminal(process, &terminal, pair, err);
	if (r < 0)
		return r;
	ours = pair[0];
	theirs = exec->console_fd = pair[1];
	r = container_exec(&interruptible, id, exec, &pid, err);
	interrupts_end(r == 0 ? pid : 0);
	if (r == 0)
		r = attend(pid, &terminal, pty_receive(ours), signal_fd, &status, err);
	return r < 0 ? r : exit_status_of(status);
}
