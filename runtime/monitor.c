/*
 * The monitor: one process for each container that pct started. It is the parent of the
 * container's first process, serves its terminals, notes how it ends and takes everything back
 * then.
 *
 * SIGTERM and SIGINT ask the container to halt as soon as it listens, the second one kills it.
 * A monitor that is killed leaves a container that runs on: whoever stops it undoes the rest.
 */

#include "runtime/monitor.h"

#include "lib/arena.h"
#include "lib/clock.h"
#include "lib/date.h"
#include "lib/err.h"
#include "lib/fault.h"
#include "lib/idle.h"
#include "runtime/conflicts.h"
#include "runtime/console.h"
#include "runtime/container.h"
#include "runtime/ending.h"
#include "runtime/halt.h"
#include "runtime/oom_watch.h"
#include "runtime/state.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

enum { LISTEN_POLL_MS = 20 };

struct monitor {
	const struct runtime *runtime;
	const char *id;
	pid_t pid;
	bool ended;
	int status;         /* once it ended, as waitpid(2) gives it */
	bool halted;        /* by reboot(2), called in it            */
	unsigned int asked; /* how often we were told to end it      */
	bool unheard;       /* it was not that far yet: ask again    */
	int signal_fd;
	int oom_fd;
	uint64_t oom_kills;
	char oom_time[40]; /* when it was that many */
	struct console *console;
	struct conflicts conflicts;
};

/* How it ended, or what has happened to it while it goes on: something in it was killed for memory,
 * somebody else has its address. */
static void note(const struct monitor *monitor)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct record record;
	struct ending ending;

	if (record_load(monitor->runtime, &arena, monitor->id, &state_fd, &record, NULL) < 0)
		return;
	ending_gather(&arena, &record, &ending);
	ending.oom_time = *monitor->oom_time ? monitor->oom_time : NULL;
	if (*monitor->conflicts.line)
		ending.conflict = arena_printf(&arena, "%s, %s", monitor->conflicts.line,
					       monitor->conflicts.time);
	ending.seen = monitor->ended;
	ending.status = monitor->status;
	ending.halted = monitor->halted;
	if (!monitor->ended)
		ending.time = NULL;
	(void)ending_write(monitor->runtime, monitor->id, &ending, NULL); /* nobody to tell */
}

static void see_oom(struct monitor *monitor)
{
	cleanup_(arena_free) struct arena arena = {};
	uint64_t kills = monitor->oom_kills;

	if (oom_watch_read(monitor->oom_fd, &kills) < 0)
		monitor->oom_fd = close_fd(monitor->oom_fd);
	if (kills == monitor->oom_kills)
		return;
	monitor->oom_kills = kills;
	(void)snprintf(monitor->oom_time, sizeof(monitor->oom_time), "%s", time_now(&arena));
	note(monitor);
}

/* It takes pages of the program that nothing else of a monitor does. */
static void see_conflicts(struct monitor *monitor)
{
	if (conflicts_handle(&monitor->conflicts))
		note(monitor);
	idle_begin();
}

/* All children: a hook's process may be one of them. */
static void reap(struct monitor *monitor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != monitor->pid)
			continue;
		monitor->ended = true;
		monitor->status = status;
	}
}

static void ask_to_end(struct monitor *monitor)
{
	if (monitor->asked > 1)
		(void)container_kill(monitor->runtime, monitor->id, SIGKILL, false, NULL);
	else
		monitor->unheard = container_halt(monitor->runtime, monitor->id, deadline_in(0),
						  NULL) == -ETIMEDOUT;
}

static void take_signal(struct monitor *monitor)
{
	struct signalfd_siginfo info;

	if (read(monitor->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD) {
		reap(monitor);
		return;
	}
	monitor->asked++;
	ask_to_end(monitor);
}

static void watch(struct monitor *monitor)
{
	while (!monitor->ended) {
		struct pollfd fds[] = {
			{.fd = monitor->signal_fd, .events = POLLIN},
			{.fd = console_fd(monitor->console), .events = POLLIN},
			{.fd = monitor->oom_fd, .events = POLLPRI},
			{.fd = conflicts_fd(&monitor->conflicts), .events = POLLIN},
		};
		int n = poll(fds, ARRAY_SIZE(fds), monitor->unheard ? LISTEN_POLL_MS : -1);

		if (n < 0 && errno != EINTR)
			break;
		if (fds[0].revents)
			take_signal(monitor);
		if (fds[1].revents)
			console_handle(monitor->console);
		if (fds[2].revents)
			see_oom(monitor);
		if (fds[3].revents)
			see_conflicts(monitor);
		if (n == 0)
			ask_to_end(monitor);
	}
	console_finish(monitor->console);
	conflicts_close(&monitor->conflicts);
}

/* Only now: until here a signal ends this process, and with it the container's. */
static int take_signals(struct monitor *monitor, struct err *err)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	monitor->signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (monitor->signal_fd < 0)
		return err_set(err, -errno, "take signals");
	reap(monitor); /* what ended before */
	return 0;
}

static void watch_memory(struct monitor *monitor)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct record record;

	if (record_load(monitor->runtime, &arena, monitor->id, &state_fd, &record, NULL) < 0)
		return;
	monitor->oom_fd = oom_watch_open(&record);
	if (monitor->oom_fd >= 0)
		see_oom(monitor);
}

static int create(struct monitor *monitor, const struct monitor_options *given, struct err *err)
{
	struct create_options options = {
		.bundle = given->bundle,
		.monitored = true,
		.accepted = true,
		.private_fds = given->private_fds,
		.private_count = given->private_count,
	};
	int r;

	r = console_new(monitor->runtime, monitor->id, &monitor->console, err);
	if (r == 0)
		r = fault_point("monitor", err);
	if (r < 0)
		return r;
	options.console_fd = options.tty_fd = console_source(monitor->console);
	return container_create(monitor->runtime, monitor->id, &options, &monitor->pid, err);
}

/* From created to running: what fails here has a container to delete. */
static int start(struct monitor *monitor, struct err *err)
{
	int r;

	r = take_signals(monitor, err);
	if (r == 0)
		r = fault_point("monitor", err);
	if (r == 0)
		r = console_serve(monitor->console, monitor->runtime, monitor->id, err);
	if (r == 0)
		r = container_start(monitor->runtime, monitor->id, err);
	return r < 0 ? r : fault_point("monitor", err);
}

static int begin(struct monitor *monitor, const struct monitor_options *options, struct err *err)
{
	int r;

	ending_forget(monitor->runtime, monitor->id);
	r = create(monitor, options, err);
	if (r < 0)
		return r;
	r = start(monitor, err);
	if (r < 0)
		(void)container_delete(monitor->runtime, monitor->id, true, NULL);
	else
		watch_memory(monitor);
	return r;
}

/* Whether it has ended because it wants to begin anew; who told it to end doesn't. */
static bool wants_reboot(const struct monitor *monitor)
{
	return monitor->halted && WTERMSIG(monitor->status) == SIGHUP && monitor->asked == 0;
}

static void see_halt(struct monitor *monitor)
{
	cleanup_close int state_fd = -EBADF;

	if (record_folder_open(monitor->runtime, monitor->id, false, &state_fd, NULL) == 0)
		monitor->halted = ending_halted(state_fd, monitor->status);
}

/* Somebody else may have been faster: then there is nothing left to delete. */
static int finish(struct monitor *monitor, bool reboot, struct err *err)
{
	struct runtime runtime = *monitor->runtime;
	int r;

	if (reboot)
		runtime.undone = NULL;
	r = fault_point("monitor", err);
	note(monitor);
	if (r == 0)
		r = fault_point("monitor", err);
	if (r == 0)
		r = container_delete(&runtime, monitor->id, false, err);
	return r == -ENOENT ? 0 : r;
}

int monitor_run(const struct runtime *runtime, const char *id,
		const struct monitor_options *options, bool *reboot, struct err *err)
{
	struct monitor monitor = {
		.runtime = runtime,
		.id = id,
		.signal_fd = -EBADF,
		.oom_fd = -EBADF,
		.conflicts = {.runtime = runtime, .id = id},
	};
	int r;

	*reboot = false;
	r = begin(&monitor, options, err);
	if (r == 0) {
		options->started(options->data);
		conflicts_open(&monitor.conflicts, monitor.pid);
		idle_begin();
		watch(&monitor);
		see_halt(&monitor);
		*reboot = wants_reboot(&monitor);
		r = finish(&monitor, *reboot, err);
	}
	console_free(monitor.console);
	close_fd(monitor.signal_fd);
	close_fd(monitor.oom_fd);
	return r;
}
