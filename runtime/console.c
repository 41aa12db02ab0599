/*
 * The monitor's side of the terminals: masters, clients, the socket that clients come through and
 * a timer are sources of one epoll set. After each round the sources are armed anew for what each
 * now waits for:
 *
 *	a master is read unless one of its clients still has output to take; one piece of output at
 *	a time is kept for each client, so that is all that can be late
 *	a client is read unless its terminal had no room for all that it sent last
 */

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/msg.h"
#include "lib/own.h"
#include "oci/annotations.h"
#include "oci/state.h"
#include "runtime/console_parts.h"
#include "runtime/container.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>

enum { EVENTS_MAX = 16 };

int console_watch(struct console *console, struct source *source, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = source};

	source->armed = events;
	return epoll_ctl(console->epoll_fd, EPOLL_CTL_ADD, source->fd, &event) < 0 ? -errno : 0;
}

static void arm(struct console *console, struct source *source, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = source};

	if (source->fd < 0 || source->armed == events)
		return;
	source->armed = events;
	(void)epoll_ctl(console->epoll_fd, EPOLL_CTL_MOD, source->fd, &event);
}

static uint32_t wanted_of_tty(const struct console *console, const struct tty *tty)
{
	uint32_t events = EPOLLIN;

	client_each (client, console) {
		if (client->tty != tty)
			continue;
		if (client->output_length)
			events &= ~(uint32_t)EPOLLIN;
		if (client->input_length)
			events |= EPOLLOUT;
	}
	return events;
}

static void arm_all(struct console *console)
{
	tty_each (tty, console)
		arm(console, &tty->master, wanted_of_tty(console, tty));
	client_each (client, console)
		arm(console, &client->socket,
		    (client->input_length ? 0 : EPOLLIN) | (client->output_length ? EPOLLOUT : 0));
}

static int open_sources(struct console *console, struct err *err)
{
	console->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (console->epoll_fd < 0)
		return err_set(err, -errno, "serve the console");
	console->timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (console->timer.fd < 0)
		return err_set(err, -errno, "serve the console");
	/* A stream: the container's side sends all its terminals before anybody reads. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, console->source_fds) < 0)
		return err_set(err, -errno, "serve the console");
	return 0;
}

int console_new(const struct runtime *runtime, const char *id, struct console **console,
		struct err *err)
{
	struct console *new = calloc(1, sizeof(*new));
	int r;

	if (!new)
		return err_set(err, -ENOMEM, "serve the console");
	new->epoll_fd = new->source_fds[0] = new->source_fds[1] = -EBADF;
	new->listener = (struct source){.fd = -EBADF, .ready = clients_accept};
	new->timer = (struct source){.fd = -EBADF, .ready = clients_check};
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		new->clients[i].socket = (struct source){.fd = -EBADF, .ready = client_ready};
	r = console_log_open(&new->log, runtime, id, err);
	if (r == 0)
		r = open_sources(new, err);
	if (r < 0)
		console_free(new);
	else
		*console = new;
	return r;
}

int console_source(const struct console *console)
{
	return console->source_fds[1];
}

static int open_copy(struct console *console, const struct runtime *runtime, const char *id,
		     struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct oci_state state;
	const char *path;
	int r = container_state(runtime, &arena, id, &state, err);

	if (r < 0)
		return r;
	path = oci_map_find(&state.annotations, ANNOTATION_CONSOLE_LOG);
	return path ? console_log_copy(&console->log, path, err) : 0;
}

int console_serve(struct console *console, const struct runtime *runtime, const char *id,
		  struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *path = arena_printf(&arena, "%s/%s/console", runtime->root, id);
	int r;

	r = open_copy(console, runtime, id, err);
	if (r == 0)
		r = ttys_take(console, err);
	if (r < 0)
		return r;
	console->listener.fd = unix_listen(path, SOCK_SEQPACKET, 0600);
	if (console->listener.fd < 0)
		return err_set(err, console->listener.fd, "listen on %s", path);
	r = console_watch(console, &console->listener, EPOLLIN);
	if (r == 0)
		r = console_watch(console, &console->timer, EPOLLIN);
	return r < 0 ? err_set(err, r, "serve the console") : 0;
}

int console_fd(const struct console *console)
{
	return console->epoll_fd;
}

void console_handle(struct console *console)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(console->epoll_fd, events, EVENTS_MAX, 0);

	for (int i = 0; i < count; i++) {
		struct source *source = events[i].data.ptr;

		source->ready(console, source, events[i].events);
	}
	arm_all(console);
}

void console_finish(struct console *console)
{
	client_each (client, console) {
		client_show_late(console, client);
		if (client->output_length) /* nobody waits for it any more */
			client_let_go(client);
	}
	tty_each (tty, console)
		while (tty_show(console, tty))
			;
}

void console_free(struct console *console)
{
	if (!console)
		return;
	client_each (client, console)
		client_let_go(client);
	tty_each (tty, console) {
		close_fd(tty->master.fd);
		close_fd(tty->slave_fd);
	}
	close_fd(console->listener.fd);
	close_fd(console->timer.fd);
	close_fd(console->source_fds[0]);
	close_fd(console->source_fds[1]);
	close_fd(console->epoll_fd);
	console_log_close(&console->log);
	free(console);
}
