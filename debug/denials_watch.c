#include "debug/denials_parts.h"

#include "debug/recording.h"
#include "lib/json.h"
#include "lib/own.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* pctrun-watch (libexec/watch.c): whoever asks it, and what it answers. */

#define PROGRAM "pctrun-watch"

static void say(const struct watcher *watcher, const char *line)
{
	const struct denials_sink *sink = watcher->collection->sink;

	sink->blind(sink->data, line);
}

/* Of a recording, the caller says it as an error. */
static void say_nothing_seen(const struct watcher *watcher, const char *why)
{
	cleanup_(arena_free) struct arena arena = {};

	if (!watcher->calls_alone)
		say(watcher,
		    arena_printf(&arena, "%s: nothing of system calls, capabilities and devices",
				 why));
}

/* ------------------------------------------------------------------ its answers */

static uint64_t number(const struct json *object, const char *name)
{
	uint64_t value = 0;

	(void)json_u64(json_find(object, name), &value);
	return value;
}

/* What people call a source. */
static const char *title(const char *source)
{
	static const struct {
		const char *source, *title;
	} rows[] = {{"capability", "capabilities"},
		    {"device", "the device filter"},
		    {"seccomp", "system calls"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].source, source) == 0)
			return rows[i].title;
	return source;
}

static void take_blind(struct watcher *watcher, const struct json *line, const char *source)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *why = json_string(line, "why");

	if (strcmp(source, "seccomp") == 0)
		err_plain(&watcher->why, -ENOTSUP, "%s", why);
	if (!watcher->calls_alone)
		say(watcher, arena_printf(&arena, "%s: %s", title(source), why));
}

static void take_ready(struct watcher *watcher, const struct json *line, const char *source)
{
	watcher->ready = true;
	json_each (ready, json_find(line, "ready"))
		if (ready->text && strcmp(ready->text, "seccomp") == 0)
			watcher->calls_seen = true;
}

static void note_call(struct watcher *watcher, const struct json *line, const char *member,
		      enum recorded how)
{
	if (watcher->recording)
		recording_note(watcher->recording, (uint32_t)number(line, "arch"),
			       (uint32_t)number(line, member), how);
}

static void take_denied(struct watcher *watcher, const struct json *line, const char *source)
{
	cleanup_(arena_free) struct arena arena = {};
	struct denial denial = {.what = "", .rule = "", .origin = "", .program = ""};

	if (!watched_describe(watcher->suspect, &arena, line, &denial))
		return;
	if (strcmp(denial.layer, "seccomp") == 0)
		note_call(watcher, line, "call", RECORDED_DENIED);
	collection_add(watcher->collection, &denial, number(line, "count"));
}

static void take_used(struct watcher *watcher, const struct json *line, const char *source)
{
	note_call(watcher, line, "used", RECORDED_USED);
}

static void say_count(const struct watcher *watcher, const struct json *line, const char *source,
		      const char *what)
{
	cleanup_(arena_free) struct arena arena = {};

	say(watcher,
	    arena_printf(&arena, "%s: %lu %s", title(source), number(line, "count"), what));
}

static void take_lost(struct watcher *watcher, const struct json *line, const char *source)
{
	say_count(watcher, line, source, "denials of too many different kinds");
}

static void take_missed(struct watcher *watcher, const struct json *line, const char *source)
{
	say_count(watcher, line, source, "that the kernel passed over, of whomever");
}

/* Lines are known by their first member. */
static const struct {
	const char *member;
	void (*take)(struct watcher *watcher, const struct json *line, const char *source);
} lines[] = {
	{"blind", take_blind}, {"ready", take_ready}, {"denied", take_denied},
	{"used", take_used},   {"lost", take_lost},   {"missed", take_missed},
};

static void take(struct watcher *watcher, const char *text, size_t length)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct json *line;
	const char *source;

	if (json_read(&arena, PROGRAM, text, length, &line, NULL) < 0) {
		text_addn(&watcher->words, text, length);
		text_addc(&watcher->words, '\n');
		return;
	}
	if (line->type != JSON_OBJECT || !line->first)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (strcmp(line->first->name, lines[i].member) == 0) {
			source = json_string(line, lines[i].member);
			lines[i].take(watcher, line, source ? source : "");
			return;
		}
}

static void take_lines(struct watcher *watcher)
{
	const char *at = text_str(&watcher->input), *end;
	struct text rest = {};

	for (; (end = strchr(at, '\n')); at = end + 1)
		take(watcher, at, (size_t)(end - at));
	text_add(&rest, at);
	text_free(&watcher->input);
	watcher->input = rest;
}

/* ------------------------------------------------------------------ its life */

/* What it has said in words is its reason, unless it has ended well. */
static void end(struct watcher *watcher)
{
	struct err err = {};
	int r;

	watcher->helper.socket_fd = close_fd(watcher->helper.socket_fd);
	r = helper_end(&watcher->helper, PROGRAM, text_str(&watcher->words), &err);
	if (r == 0)
		return;
	if (!err.what[0])
		err_set(&err, r, "run " PROGRAM);
	watcher->calls_seen = false;
	watcher->why = err;
	say_nothing_seen(watcher, err.what);
}

void watcher_read(struct watcher *watcher)
{
	char buffer[16384];
	ssize_t n;

	do
		n = recv(watcher->helper.socket_fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		text_addn(&watcher->input, buffer, (size_t)n);
	take_lines(watcher);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		end(watcher);
}

static int launch(struct watcher *watcher, int cgroup_fd, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *argv[8] = {
		helper_find(&arena, PROGRAM),
		arena_printf(&arena, "/proc/%d/fd/%d", (int)getpid(), cgroup_fd),
		arena_printf(&arena, "%lu", (unsigned long)watcher->suspect->pid_namespace),
		"seccomp",
	};
	size_t count = 4;

	if (!watcher->calls_alone) {
		argv[count++] = "capability";
		argv[count++] = "device";
	}
	if (watcher->suspect->waits)
		argv[count++] = "waiting";
	return helper_start(argv, &watcher->helper, err);
}

void watcher_start(struct watcher *watcher, int cgroup_fd, int cancel_fd)
{
	struct pollfd fds[] = {{.events = POLLIN}, {.fd = cancel_fd, .events = POLLIN}};
	int r;

	watcher->helper.socket_fd = -EBADF;
	if (!watcher->suspect->cgroup_directory || cgroup_fd < 0)
		r = err_plain(&watcher->why, -ENOTSUP, "it has no cgroup of its own");
	else
		r = launch(watcher, cgroup_fd, &watcher->why);
	if (r < 0)
		say_nothing_seen(watcher,
				 r == -ENOENT ? "there is no " PROGRAM : watcher->why.what);
	while (watcher->helper.socket_fd >= 0 && !watcher->ready) {
		fds[0].fd = watcher->helper.socket_fd;
		if (poll(fds, ARRAY_SIZE(fds), -1) >= 0 && fds[0].revents)
			watcher_read(watcher);
		if (fds[1].revents) {
			err_plain(&watcher->why, -EINTR, "interrupted before it began");
			return;
		}
	}
}

void watcher_stop(struct watcher *watcher)
{
	struct pollfd fd = {.events = POLLIN};

	if (watcher->helper.socket_fd >= 0)
		(void)shutdown(watcher->helper.socket_fd, SHUT_WR);
	while (watcher->helper.socket_fd >= 0) {
		fd.fd = watcher->helper.socket_fd;
		if (poll(&fd, 1, -1) > 0)
			watcher_read(watcher);
	}
	text_free(&watcher->input);
	text_free(&watcher->words);
}
