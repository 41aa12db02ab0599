/*
 * The monitor: one process for each container that pct started. It is the parent of the
 * container's first process and holds the other end of its console.
 */

#include "runtime/monitor.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/msg.h"
#include "lib/sys.h"
#include "runtime/container.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { LOG_MAX = 1 << 20, CONSOLES_MAX = 8 };

struct monitor {
	pid_t pid;
	int pid_fd;
	int log_fd;
	size_t logged;
	int masters[CONSOLES_MAX]; /* [0] is the console's; the ttys' are held open */
	size_t count;
	int slave_fd; /* the console's other end: held open, or reads fail while nobody inside has
			 it */
};

static int open_log(struct monitor *monitor, const struct runtime *runtime, const char *id,
		    struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *folder = arena_printf(&arena, "%s/.log", runtime->root);
	const char *path = arena_printf(&arena, "%s/%s", folder, id);
	int r = make_dirs(folder, 0700);

	if (r < 0)
		return err_set(err, r, "make %s", folder);
	monitor->log_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	return monitor->log_fd < 0 ? err_set(err, -errno, "open %s", path) : 0;
}

/* Everything was sent before create returned: what is there is all. */
static void take_masters(struct monitor *monitor, int console_fd)
{
	struct pollfd there = {.fd = console_fd, .events = POLLIN};

	while (monitor->count < CONSOLES_MAX && poll(&there, 1, 0) > 0) {
		int fds[MSG_FDS_MAX];
		size_t count = 0;
		char name[64];

		if (msg_receive(console_fd, name, sizeof(name), fds, &count) <= 0)
			return;
		for (size_t i = 0; i < count; i++) {
			if (monitor->count < CONSOLES_MAX)
				monitor->masters[monitor->count++] = fds[i];
			else
				close_fd(fds[i]);
		}
	}
}

/* A getty or systemd hangs the console up when it takes it over: open it anew then. */
static void hold_console(struct monitor *monitor)
{
	monitor->slave_fd = close_fd(monitor->slave_fd);
	if (monitor->count)
		monitor->slave_fd =
			ioctl(monitor->masters[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* The newest megabyte at least: a full log starts over. */
static void log_output(struct monitor *monitor, const char *data, size_t length)
{
	if (monitor->logged + length > LOG_MAX) {
		if (ftruncate(monitor->log_fd, 0) < 0 || lseek(monitor->log_fd, 0, SEEK_SET) < 0)
			return;
		monitor->logged = 0;
	}
	if (write_all(monitor->log_fd, data, length) == 0) /* a full disk costs the log only */
		monitor->logged += length;
}

static void watch(struct monitor *monitor)
{
	for (;;) {
		struct pollfd fds[] = {
			{.fd = monitor->pid_fd, .events = POLLIN},
			{.fd = monitor->count ? monitor->masters[0] : -1, .events = POLLIN},
		};
		char data[4096];
		ssize_t n = 0;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return;
		if (fds[1].revents)
			n = read(monitor->masters[0], data, sizeof(data));
		if (n > 0)
			log_output(monitor, data, (size_t)n);
		else if (fds[0].revents)
			return;
		else if (fds[1].revents)
			hold_console(monitor);
	}
}

static int begin(struct monitor *monitor, const struct runtime *runtime, const char *id,
		 const char *bundle, struct err *err)
{
	cleanup_close int ours = -EBADF, theirs = -EBADF;
	struct create_options options = {.bundle = bundle, .detach = true};
	int pair[2], r;

	r = msg_pair(pair);
	if (r < 0)
		return err_set(err, r, "make a socket");
	ours = pair[0];
	theirs = pair[1];
	options.console_fd = theirs;
	r = open_log(monitor, runtime, id, err);
	if (r == 0)
		r = container_create(runtime, id, &options, &monitor->pid, err);
	if (r < 0)
		return r;
	take_masters(monitor, ours);
	hold_console(monitor);
	monitor->pid_fd = sys_pidfd_open(monitor->pid);
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
	struct monitor monitor = {.pid_fd = -EBADF, .log_fd = -EBADF, .slave_fd = -EBADF};
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
	for (size_t i = 0; i < monitor.count; i++)
		close_fd(monitor.masters[i]);
	close_fd(monitor.slave_fd);
	close_fd(monitor.pid_fd);
	close_fd(monitor.log_fd);
	return r;
}
