#include "cli/pct/monitor.h"

#include "cli/output.h"
#include "cli/pct/launch.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"
#include "lib/err.h"
#include "lib/fault.h"
#include "lib/fds.h"
#include "lib/file.h"
#include "lib/notify.h"
#include "lib/process_limit.h"
#include "runtime/monitor.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

/* The monitor's process. @ready_fd gets one struct err: clear when the program runs. */
struct keeper {
	struct launch *launch;
	int ready_fd; /* -EBADF once it was used */
};

static void report(struct keeper *keeper, const struct err *err)
{
	(void)write_all(keeper->ready_fd, err, sizeof(*err)); /* its reader may be gone */
	keeper->ready_fd = close_fd(keeper->ready_fd);
}

/* What it or a hookscript has to say from here on stands in the console's log. */
static void leave_terminal(const struct launch *launch)
{
	cleanup_close int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	cleanup_close int log_fd = -EBADF;
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/.log/%s", launch->pct->runtime.root, launch->id);
	log_fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	(void)chdir("/");
	(void)dup2(null_fd, 0);
	for (int fd = 1; fd < 3; fd++)
		(void)dup2(log_fd >= 0 ? log_fd : null_fd, fd);
}

/* The other process unlocks once it is done with it; after a reboot from inside there is none. */
static void started(void *data)
{
	struct keeper *keeper = data;
	struct launch *launch = keeper->launch;

	notify_manager("READY=1\nSTATUS=Running\n");
	launch->pct->runtime.plan_line = NULL;
	launch->steps_fd = close_fd(launch->steps_fd);
	launch->pct->runtime.trace_fd = close_fd(launch->pct->runtime.trace_fd);
	if (launch->quiet) {
		lock_drop(launch->lock);
		return;
	}
	lock_leave(launch->lock);
	if (!launch->foreground)
		leave_terminal(launch);
	report(keeper, &(struct err){});
}

/* A reboot from inside: its config may have changed. */
static int prepare_again(struct launch *launch, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	int r;

	notify_manager("STATUS=Restarting\n");
	r = power_begin(&power, launch->pct, launch->id, err);
	if (r == 0)
		r = power_check_lock(&power, false, err);
	if (r < 0)
		return r;
	*launch->lock = power.lock;
	power.lock = (struct lock)LOCK_NONE;
	launch->quiet = true;
	return launch_prepare(launch, err);
}

static int keep(struct keeper *keeper, struct err *err)
{
	struct launch *launch = keeper->launch;
	const char *bundle = launch_bundle(launch);
	bool reboot = true;
	int r = 0;

	(void)prctl(PR_SET_NAME, "pct monitor");
	while (r == 0 && reboot) {
		/* Whoever is killed: the lock is free, and the waiting process sees an end. */
		const int private_fds[] = {launch->lock->fd, keeper->ready_fd};
		const struct monitor_options options = {
			.bundle = bundle,
			.private_fds = private_fds,
			.private_count = ARRAY_SIZE(private_fds),
			.started = started,
			.data = keeper,
		};

		r = monitor_run(&launch->pct->runtime, launch->id, &options, &reboot, err);
		if (r == 0 && reboot)
			r = prepare_again(launch, err);
	}
	notify_manager("STOPPING=1\n");
	if (r < 0)
		err_add(err, "start %s", launch->id);
	if (keeper->ready_fd >= 0)
		report(keeper, err);
	return r;
}

static void take_back(const struct launch *launch)
{
	(void)container_delete(&launch->pct->runtime, launch->id, true, &(struct err){});
}

static int wait_started(const struct launch *launch, int ready_fd, struct err *err)
{
	ssize_t n;

	do
		n = read(ready_fd, err, sizeof(*err));
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof(*err) && err->num == 0)
		return 0;
	take_back(launch);
	if (n == (ssize_t)sizeof(*err))
		return -err->num;
	return err_plain(err, -EPIPE, "startup for container '%s' failed", launch->id);
}

static int accompany(const struct launch *launch, int ready_fd, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	int r;

	r = fault_point("start", err);
	if (r == 0)
		r = wait_started(launch, ready_fd, err);
	if (r == 0)
		r = fault_point("start", err);
	if (r == 0 && etc_load(&launch->pct->etc, launch->id, &conf, NULL) == 0)
		power_hook(launch->pct, &conf, "post-start");
	lock_drop(launch->lock);
	return r;
}

/* What pct was called with would stay open for as long as the container runs: a pipe's reader would
 * wait for its end until then. */
static void close_inherited(const struct keeper *keeper)
{
	const struct launch *launch = keeper->launch;
	int kept[] = {launch->lock->fd, launch->steps_fd, launch->pct->runtime.trace_fd,
		      keeper->ready_fd};

	fds_close_others(STDERR_FILENO + 1, kept, ARRAY_SIZE(kept));
}

/* In the background: a session of its own, and nobody who waits for it. */
static _Noreturn void keep_in_background(struct keeper *keeper)
{
	struct err err = {};
	char line[1600];

	(void)setsid();
	close_inherited(keeper);
	if (keep(keeper, &err) < 0 && keeper->launch->quiet)
		output_note("pct: %s", err_text(&err, line, sizeof(line)));
	(void)fflush(NULL);
	_exit(0);
}

static int keep_in_foreground(struct keeper *keeper, struct err *err)
{
	int r = keep(keeper, err);

	if (r < 0) /* the other process does it too, unless it is killed with this one */
		take_back(keeper->launch);
	return r;
}

static int split(struct launch *launch, struct keeper *keeper, int ready_fd, struct err *err)
{
	pid_t pid = fork();
	int r;

	if (pid < 0) {
		r = err_sys(err, -errno, "fork", "start the monitor");
		process_limit(-EBADF, err);
		return r;
	}
	if (launch->foreground == (pid > 0)) {
		close_fd(ready_fd);
		if (pid == 0)
			keep_in_background(keeper);
		return keep_in_foreground(keeper, err);
	}
	keeper->ready_fd = close_fd(keeper->ready_fd);
	r = accompany(launch, ready_fd, err);
	close_fd(ready_fd);
	if (pid == 0)
		_exit(0); /* the other one says what went wrong */
	return r;
}

int monitor_launch(struct launch *launch, struct err *err)
{
	struct keeper keeper = {.launch = launch};
	int fds[2], r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "start the monitor");
	keeper.ready_fd = fds[1];
	(void)fflush(NULL);             /* or the new process would print it again */
	(void)signal(SIGPIPE, SIG_IGN); /* whoever waits for a monitor may be killed */
	r = split(launch, &keeper, fds[0], err);
	close_fd(keeper.ready_fd);
	return r;
}
