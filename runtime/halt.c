#include "runtime/halt.h"

#include "lib/arena.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/proc_status.h"
#include "lib/signals.h"
#include "lib/sys.h"
#include "oci/annotations.h"
#include "runtime/container.h"
#include "runtime/ending.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>

enum { SYSTEMD_HALT = 3, LISTEN_POLL_MS = 20 };

/* Of 32-bit programs: i386 and arm, and any architecture with a 64-bit time. */
enum { SIGTIMEDWAIT_I386 = 177, SIGTIMEDWAIT_TIME64 = 421 };

static bool in_set(const char *status, const char *set, int signal)
{
	const char *line = strstr(status, set);

	return line && strtoull(line + strlen(set), NULL, 16) & 1ULL << (signal - 1);
}

static bool shown(const struct listener *listener, int signal)
{
	return in_set(listener->status, "\nSigBlk:", signal) ||
	       in_set(listener->status, "\nSigCgt:", signal);
}

int halt_signal(const struct listener *listener, int configured)
{
	int signal = configured ? configured : SIGPWR;

	if (configured == SIGKILL || configured == SIGSTOP)
		return configured; /* no process has a say in these */
	if (!configured && shown(listener, SIGRTMIN + SYSTEMD_HALT))
		return SIGRTMIN + SYSTEMD_HALT;
	return listener->waiting || shown(listener, signal) ? signal : 0;
}

/* /proc/PID/syscall begins with the number of the call that the process sleeps in. */
static bool in_sigwait(pid_t pid)
{
	static const long calls[] = {SYS_rt_sigtimedwait, SIGTIMEDWAIT_I386, SIGTIMEDWAIT_TIME64};
	char path[32], line[128], *end;
	long call;

	(void)snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
	if (file_line(AT_FDCWD, path, line, sizeof(line)) <= 0)
		return false;
	call = strtol(line, &end, 10); /* "running" is none */
	for (size_t i = 0; end != line && i < ARRAY_SIZE(calls); i++)
		if (call == calls[i])
			return true;
	return false;
}

static int look(struct arena *arena, pid_t pid, struct listener *listener)
{
	listener->waiting = in_sigwait(pid);
	return proc_status_read(arena, pid, &listener->status);
}

/* An annotation's signal. Return: 0: there is none. */
static int annotated(const struct record *record, const char *annotation)
{
	const char *name = oci_map_find(&record->annotations, annotation);
	int signal = name ? signal_read(name) : 0;

	return signal > 0 ? signal : 0;
}

static int poll_one(int fd, int timeout_ms)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};
	int r;

	do
		r = poll(&one, 1, timeout_ms);
	while (r < 0 && errno == EINTR);
	return r;
}

/* Nothing tells when a process takes up a signal: look, and look again. */
static int wait_listening(const struct record *record, int pid_fd, int64_t deadline, int *signal)
{
	int configured = annotated(record, ANNOTATION_SIGNAL_HALT);

	for (;;) {
		cleanup_(arena_free) struct arena arena = {};
		struct listener listener;
		int left = deadline_left(deadline);

		if (look(&arena, record->pid, &listener) < 0)
			return -ESRCH;
		*signal = halt_signal(&listener, configured);
		if (*signal)
			return 0;
		if (left == 0)
			return -ETIMEDOUT;
		if (poll_one(pid_fd, left < 0 || left > LISTEN_POLL_MS ? LISTEN_POLL_MS : left) > 0)
			return -ESRCH;
	}
}

/* Return: a pidfd of its first process; -ESRCH: it has ended. */
static int open_init(const struct record *record)
{
	cleanup_close int pid_fd = sys_pidfd_open(record->pid);

	if (pid_fd < 0 || !record_alive(record)) /* in this order: the pid can't change hands now */
		return -ESRCH;
	return take_fd(&pid_fd);
}

int container_halt(const struct runtime *runtime, const char *id, int64_t deadline, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, pid_fd = -EBADF;
	struct record record;
	int signal = 0, r;

	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r < 0)
		return r;
	pid_fd = open_init(&record);
	r = pid_fd < 0 ? pid_fd : wait_listening(&record, pid_fd, deadline, &signal);
	if (r == 0)
		r = sys_pidfd_send_signal(pid_fd, signal);
	if (r == -ETIMEDOUT)
		return err_plain(err, r, "container %s does not listen for the halt signal", id);
	return r < 0 && r != -ESRCH ? err_set(err, r, "ask container %s to halt", id) : 0;
}

int container_stop(const struct runtime *runtime, const char *id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int signal, r;

	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r < 0)
		return r;
	signal = annotated(&record, ANNOTATION_SIGNAL_STOP);
	return container_kill(runtime, id, signal ? signal : SIGKILL, false, err);
}

static int undo_it(const struct runtime *runtime, const struct record *record, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct ending ending;
	struct err ignored = {};

	if (record->monitor > 0) {
		ending_gather(&arena, record, &ending);
		(void)ending_write(runtime, record->id, &ending, &ignored); /* a note only */
	}
	return container_delete(runtime, record->id, true, err);
}

/* The first process has ended. The folder is removed as the last thing, and a new one of the same
 * name may be there at once. */
static int wait_undone(const struct runtime *runtime, const struct record *record, int state_fd,
		       int watch_fd, struct err *err)
{
	cleanup_close int monitor_fd =
		record->monitor > 0 ? sys_pidfd_open(record->monitor) : -EBADF;
	bool watched = monitor_fd >= 0 && record_watched(record);
	char events[4096];

	while (!record_folder_gone(runtime, record->id, state_fd)) {
		struct pollfd fds[] = {
			{.fd = watch_fd, .events = POLLIN},
			{.fd = monitor_fd, .events = POLLIN},
		};

		if (!watched)
			return undo_it(runtime, record, err);
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return err_set(err, -errno, "wait for the monitor of %s", record->id);
		watched = !fds[1].revents;
		(void)read(watch_fd, events, sizeof(events)); /* any of them: look again */
	}
	return 0;
}

int container_await_end(const struct runtime *runtime, const char *id, int64_t deadline,
			struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, pid_fd = -EBADF, watch_fd = -EBADF;
	struct record record;
	int r;

	watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch_fd < 0 || inotify_add_watch(watch_fd, runtime->root, IN_DELETE) < 0)
		return err_set(err, -errno, "watch %s", runtime->root);
	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r == -ENOENT) {
		err_clear(err);
		return container_delete(runtime, id, true, err); /* a create that was killed */
	}
	if (r < 0)
		return r;
	pid_fd = open_init(&record);
	if (pid_fd >= 0 && poll_one(pid_fd, deadline_left(deadline)) == 0)
		return err_plain(err, -ETIMEDOUT, "container did not stop");
	return wait_undone(runtime, &record, state_fd, watch_fd, err);
}
