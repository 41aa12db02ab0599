/*
 * The container is known by its cgroup, its AppArmor profile and its ids (struct suspect). Two
 * sources have a history: the kernel's log and the counters of a cgroup. While following they are
 * read whenever the log has something, at least every second, as counters wake nobody in all
 * kernels. The audit socket has what the log leaves out from then on, and the watcher what leaves
 * no trace at all.
 */

#include "debug/denials.h"

#include "cgroup/device_filter.h"
#include "debug/denials_parts.h"
#include "debug/recording.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "oci/state.h"
#include "runtime/container.h"
#include "runtime/record.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

enum { TICK_MS = 1000 };

struct watch {
	struct arena arena;
	struct suspect suspect;
	struct collection collection;
	struct records records;
	struct audit_socket audit;
	struct counters counters;
	struct watcher watcher;
	int pid_fd, log_fd, cgroup_fd;
	unsigned long lost;
};

static void say(const struct watch *watch, const char *line)
{
	watch->collection.sink->blind(watch->collection.sink->data, line);
}

static void say_blind(const struct watch *watch, bool follows)
{
	if (watch->log_fd < 0)
		say(watch,
		    arena_printf((struct arena *)&watch->arena,
				 "the kernel's log can't be read (%s): nothing of seccomp and "
				 "AppArmor",
				 strerror(-watch->log_fd)));
	else if (!watch->suspect.sees_pids)
		say(watch, "not in the host's first pid namespace: records are told by user ids "
			   "and profiles alone");
	if (access("/run/auditd.pid", F_OK) == 0)
		say(watch, watch->audit.socket
				   ? "auditd has taken what there was of seccomp and AppArmor: "
				     "ausearch -m SECCOMP,AVC has it"
				   : "auditd takes the records of seccomp and AppArmor: "
				     "ausearch -m SECCOMP,AVC has them");
	if (watch->cgroup_fd < 0)
		say(watch, "it has no cgroup of version 2 whose counters could be read");
	if (!watch->suspect.calls_seen)
		say(watch, "seccomp: calls that end with an error are logged only with "
			   "SECCOMP_FILTER_FLAG_LOG in linux.seccomp.flags");
	if (!follows)
		say(watch, "calls that end with an error by seccomp, the device filter and "
			   "capabilities: seen only while pctrun denials -f runs");
	say(watch, "modes, read-only mounts, namespaces: the kernel tells nobody; "
		   "pctrun why says what they do");
}

static void read_all(struct watch *watch)
{
	unsigned long left_out = 0;

	if (watch->audit.socket)
		audit_socket_read(&watch->audit, &watch->records);
	if (watch->log_fd >= 0)
		left_out = kernel_log_read(watch->log_fd, &watch->records);
	if (!watch->audit.heard)
		watch->lost += left_out;
	if (watch->cgroup_fd >= 0)
		counters_read(watch->cgroup_fd, &watch->suspect, &watch->counters,
			      &watch->collection);
	if (watch->watcher.helper.socket_fd >= 0)
		watcher_read(&watch->watcher);
}

static int wait_ms(int64_t end)
{
	const int left = deadline_left(end);

	return left >= 0 && left < TICK_MS ? left : TICK_MS;
}

/* Return: whether nobody wants it, or it goes on. */
static bool can_record(const struct watch *watch)
{
	return !watch->watcher.recording || watch->watcher.calls_seen;
}

static int check_recording(const struct watch *watch, struct err *err)
{
	if (can_record(watch))
		return 0;
	err_plain(err, -ENOTSUP, "record the system calls of %s: %s", watch->suspect.id,
		  watch->watcher.why.what);
	if (watch->watcher.why.hint[0])
		err_hint(err, "%s", watch->watcher.why.hint);
	return -ENOTSUP;
}

static void follow(struct watch *watch, int64_t end, int cancel_fd)
{
	struct pollfd fds[] = {{.fd = watch->pid_fd, .events = POLLIN},
			       {.fd = cancel_fd, .events = POLLIN},
			       {.fd = watch->log_fd, .events = POLLIN},
			       {.fd = watch->audit.fd, .events = POLLIN},
			       {.events = POLLIN}};

	while (!fds[0].revents && !fds[1].revents && deadline_left(end) != 0 && can_record(watch)) {
		collection_hand_on(&watch->collection, false);
		fds[4].fd = watch->watcher.helper.socket_fd;
		if (poll(fds, ARRAY_SIZE(fds), wait_ms(end)) < 0 && errno != EINTR)
			break;
		read_all(watch);
	}
}

static void say_lost(const struct watch *watch)
{
	struct arena *arena = (struct arena *)&watch->arena;

	if (watch->lost)
		say(watch, arena_printf(arena,
					"the kernel left %lu records out of its log, of "
					"whomever they were",
					watch->lost));
	if (watch->audit.overruns)
		say(watch, arena_printf(arena, "audit records came too fast, %lu times",
					watch->audit.overruns));
	if (watch->collection.left_out)
		say(watch, arena_printf(arena,
					"%lu denials of too many different kinds were "
					"counted only",
					watch->collection.left_out));
}

static void look_device_programs(struct watch *watch)
{
	struct device_filters *programs = arena_alloc(&watch->arena, sizeof(*programs));

	if (device_programs_observe(&watch->arena, watch->cgroup_fd, programs) < 0)
		return;
	device_programs_name(watch->cgroup_fd, watch->suspect.cgroup_directory, programs);
	watch->suspect.programs = programs;
}

static void open_cgroup(const struct runtime *runtime, struct watch *watch)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;

	if (record_load(runtime, &watch->arena, watch->suspect.id, &state_fd, &record, NULL) < 0)
		return;
	watch->suspect.cgroup_directory = record.cgroup;
	if (record_open_cgroup(&record, O_RDONLY, &watch->cgroup_fd, NULL) < 0)
		watch->cgroup_fd = -EBADF;
	else
		look_device_programs(watch);
}

static int begin(const struct runtime *runtime, const char *id, struct watch *watch,
		 struct err *err)
{
	struct oci_state state;
	int r = container_state(runtime, &watch->arena, id, &state, err);

	if (r < 0)
		return r;
	if (state.pid <= 0 || strcmp(state.status, "stopped") == 0)
		return err_plain(err, -ESRCH,
				 "container %s isn't running: what is left of it "
				 "is in the kernel's log",
				 id);
	watch->suspect = (struct suspect){.arena = &watch->arena,
					  .id = id,
					  .pid = (pid_t)state.pid,
					  .waits = strcmp(state.status, "created") == 0};
	watch->pid_fd = sys_pidfd_open(watch->suspect.pid);
	if (watch->pid_fd < 0)
		return err_set(err, watch->pid_fd, "look at process %d", (int)watch->suspect.pid);
	r = suspect_learn(runtime, &watch->suspect, err);
	if (r < 0)
		return r;
	open_cgroup(runtime, watch);
	return 0;
}

/* Until the watcher sees calls, the log has them: it is read up to there first. */
static int begin_following(struct watch *watch, const struct denials_wanted *wanted, int cancel_fd,
			   struct err *err)
{
	watch->watcher = (struct watcher){
		.suspect = &watch->suspect,
		.collection = &watch->collection,
		.recording = wanted->recording,
		.calls_alone = !wanted->follow,
		.helper.socket_fd = -EBADF,
	};
	if (wanted->follow)
		(void)audit_socket_open(&watch->audit); /* the log is there without it */
	watcher_start(&watch->watcher, watch->cgroup_fd, cancel_fd);
	read_all(watch);
	watch->suspect.calls_seen = watch->watcher.calls_seen;
	if (check_recording(watch, err) < 0)
		return -ENOTSUP;
	if (wanted->recording)
		wanted->recording->filter_last = suspect_origin(&watch->suspect, "nnp", "");
	if (wanted->follow)
		say_blind(watch, true);
	if (watch->collection.sink->following)
		watch->collection.sink->following(watch->collection.sink->data);
	return 0;
}

static int watch_container(const struct runtime *runtime, const char *id,
			   const struct denials_wanted *wanted, struct watch *watch,
			   struct err *err)
{
	int r = begin(runtime, id, watch, err);

	if (r < 0)
		return r;
	if (wanted->follow || !wanted->recording)
		watch->log_fd = kernel_log_open(NULL);
	if (wanted->follow || wanted->recording) {
		r = begin_following(watch, wanted, runtime->cancel_fd, err);
		if (r == 0)
			follow(watch, wanted->end, runtime->cancel_fd);
		watcher_stop(&watch->watcher);
		if (r == 0)
			r = check_recording(watch, err);
	} else {
		say_blind(watch, false);
		read_all(watch);
	}
	collection_hand_on(&watch->collection, true);
	say_lost(watch);
	return r;
}

int denials_watch(const struct runtime *runtime, const char *id,
		  const struct denials_wanted *wanted, const struct denials_sink *sink,
		  struct err *err)
{
	struct watch watch = {.pid_fd = -EBADF,
			      .log_fd = -EBADF,
			      .cgroup_fd = -EBADF,
			      .audit.fd = -EBADF,
			      .watcher.helper.socket_fd = -EBADF};
	int r;

	watch.collection = (struct collection){.arena = &watch.arena, .sink = sink};
	watch.records.suspect = &watch.suspect;
	watch.records.collection = &watch.collection;
	r = watch_container(runtime, id, wanted, &watch, err);
	close_fd(watch.pid_fd);
	close_fd(watch.log_fd);
	close_fd(watch.cgroup_fd);
	audit_socket_close(&watch.audit);
	arena_free(&watch.arena);
	return r;
}
