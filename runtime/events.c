#include "runtime/events.h"

#include "cgroup/events.h"
#include "cgroup/statistics.h"
#include "lib/arena.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/proc_dir.h"
#include "net/counters.h"
#include "runtime/oom_watch.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <poll.h>

/* A container that is watched. */
struct watched {
	struct arena arena;
	struct record record;
	const struct event_sink *sink;
	int cgroup_fd, pid_dir_fd;
	int end_fd; /* its cgroup.events  */
	int oom_fd; /* its memory.events; a negative errno where there is none */
	uint64_t oom_kills;
};

static int watch(const struct runtime *runtime, const char *id, struct watched *watched,
		 struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	const struct record *record = &watched->record;
	int r;

	r = record_load(runtime, &watched->arena, id, &state_fd, &watched->record, err);
	if (r < 0)
		return r;
	watched->pid_dir_fd = proc_dir_open(record->pid, NULL);
	if (watched->pid_dir_fd < 0 || !record_alive(record))
		return err_plain(err, -ESRCH, "container with id %s is not running", id);
	return record_open_cgroup(record, O_PATH, &watched->cgroup_fd, err);
}

static void unwatch(struct watched *watched)
{
	close_fd(watched->cgroup_fd);
	close_fd(watched->pid_dir_fd);
	close_fd(watched->end_fd);
	close_fd(watched->oom_fd);
	arena_free(&watched->arena);
}
DEFINE_CLEANUP(struct watched, unwatch);

#define WATCHED_NONE                                                                               \
	{                                                                                          \
		.cgroup_fd = -EBADF, .pid_dir_fd = -EBADF, .end_fd = -EBADF, .oom_fd = -EBADF,     \
	}

static struct json_out *begin(const struct watched *watched, const char *type)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_string(out, "type", type);
	json_out_string(out, "id", watched->record.id);
	return out;
}

static void end(const struct watched *watched, struct json_out *out)
{
	cleanup_free char *line = NULL;

	json_out_end(out);
	line = json_out_take(out);
	watched->sink->line(watched->sink->data, line);
}

static void say_stats(const struct watched *watched)
{
	struct json_out *out = begin(watched, "stats");

	json_out_object(out, "data");
	cgroup_statistics_write(watched->cgroup_fd, out);
	net_counters_write(watched->pid_dir_fd, out);
	json_out_end(out);
	end(watched, out);
}

/* Return: whether there may be more of them. */
static bool say_oom(struct watched *watched)
{
	uint64_t kills;

	if (oom_watch_read(watched->oom_fd, &kills) < 0)
		return false;
	if (kills > watched->oom_kills)
		end(watched, begin(watched, "oom"));
	watched->oom_kills = kills;
	return true;
}

/* Return: whether somebody lives there; the cgroup may have been removed meanwhile. */
static bool is_populated(const struct watched *watched)
{
	return cgroup_event_read(watched->end_fd, "populated") == 1;
}

static int listen_for_events(struct watched *watched, struct err *err)
{
	watched->oom_fd = oom_watch_open(&watched->record);
	if (watched->oom_fd >= 0)
		(void)oom_watch_read(watched->oom_fd, &watched->oom_kills);
	watched->end_fd = cgroup_events_open(watched->cgroup_fd);
	return watched->end_fd < 0 ? err_set(err, watched->end_fd, "open cgroup.events") : 0;
}

int container_stats(const struct runtime *runtime, const char *id, const struct event_sink *sink,
		    struct err *err)
{
	cleanup_(unwatch) struct watched watched = WATCHED_NONE;
	int r = watch(runtime, id, &watched, err);

	watched.sink = sink;
	if (r == 0)
		say_stats(&watched);
	return r;
}

int container_events(const struct runtime *runtime, const char *id, int64_t interval_ms,
		     const struct event_sink *sink, struct err *err)
{
	cleanup_(unwatch) struct watched watched = WATCHED_NONE;
	int64_t next = deadline_in_ms(interval_ms);
	int r;

	watched.sink = sink;
	r = watch(runtime, id, &watched, err);
	if (r == 0)
		r = listen_for_events(&watched, err);
	while (r == 0) {
		struct pollfd polled[] = {{.fd = watched.oom_fd, .events = POLLPRI},
					  {.fd = watched.end_fd, .events = POLLPRI}};

		if (watched.oom_fd >= 0 && !say_oom(&watched))
			watched.oom_fd = close_fd(watched.oom_fd);
		if (!is_populated(&watched))
			return 0;
		if (deadline_left(next) == 0) {
			say_stats(&watched);
			next = deadline_in_ms(interval_ms);
		}
		if (poll(polled, ARRAY_SIZE(polled), deadline_left(next)) < 0 && errno != EINTR)
			r = err_set(err, -errno, "wait for events");
	}
	return r;
}
