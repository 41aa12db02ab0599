/*
 * The monitor: one process for each container that pct started. It is the parent of the
 * container's first process and serves its terminals.
 */

#include "runtime/monitor.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "runtime/console.h"
#include "runtime/container.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

struct monitor {
	pid_t pid;
	int pid_fd;
	struct console *console;
};

static void watch(struct monitor *monitor)
{
	struct pollfd fds[] = {
		{.fd = monitor->pid_fd, .events = POLLIN},
		{.fd = console_fd(monitor->console), .events = POLLIN},
	};

	do {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			return;
		if (fds[1].revents)
			console_handle(monitor->console);
	} while (!fds[0].revents);
	console_finish(monitor->console);
}

static int begin(struct monitor *monitor, const struct runtime *runtime, const char *id,
		 const char *bundle, struct err *err)
{
	struct create_options options = {.bundle = bundle, .detach = true};
	int r;

	r = console_new(runtime, id, &monitor->console, err);
	if (r < 0)
		return r;
	options.console_fd = options.tty_fd = console_source(monitor->console);
	r = container_create(runtime, id, &options, &monitor->pid, err);
	if (r < 0)
		return r;
	monitor->pid_fd = sys_pidfd_open(monitor->pid);
	r = console_serve(monitor->console, runtime, id, err);
	if (r == 0)
		r = container_start(runtime, id, err);
	if (r < 0)
		(void)container_delete(runtime, id, true, NULL);
	return r;
}

/* reboot(2) in a pid namespace ends its first process by SIGHUP, power-off by SIGINT. */
static bool asked_for_reboot(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP;
}

int monitor_run(const struct runtime *runtime, const char *id, const char *bundle, int ready_fd,
		bool *reboot, struct err *err)
{
	struct monitor monitor = {.pid_fd = -EBADF};
	int status = 0, r;

	r = begin(&monitor, runtime, id, bundle, err);
	if (r < 0)
		(void)write_all(ready_fd, err, sizeof(*err));
	close_fd(ready_fd);
	if (r == 0) {
		watch(&monitor);
		while (waitpid(monitor.pid, &status, 0) < 0 && errno == EINTR)
			;
		r = container_delete(runtime, id, true, err);
		*reboot = asked_for_reboot(status);
	}
	console_free(monitor.console);
	close_fd(monitor.pid_fd);
	return r;
}
