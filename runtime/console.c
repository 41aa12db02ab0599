/*
 * The monitor's side of the terminals: masters, clients, the socket that clients come through and
 * a timer are sources of one epoll set. After each round the sources are armed anew for what each
 * now waits for:
 *
 *	a master is read unless one of its clients still has output to take; one piece of output at
 *	a time is kept for each client, so that is all that can be late
 *	a client is read unless its terminal had no room for all that it sent last
 */

#include "runtime/console.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/msg.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/state.h"
#include "runtime/console_log.h"
#include "runtime/console_wire.h"
#include "runtime/container.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>

enum { TTYS_MAX = 65, CLIENTS_MAX = 32, PATIENCE_MS = 2000, EVENTS_MAX = 16 };

struct source {
	int fd;
	uint32_t armed;
	void (*ready)(struct console *console, struct source *source, uint32_t events);
};

struct tty {
	struct source master;
	int slave_fd; /* held open, or reads fail while nobody inside has it */
	int number;   /* 0: the console                                      */
};

struct client {
	struct source socket; /* its fd is -EBADF: a free place              */
	struct tty *tty;      /* NULL until it has asked for one             */
	struct console_message input;
	size_t input_at, input_length; /* of its data: what the terminal had no room for */
	struct console_message output;
	size_t output_length; /* the whole message: what the client had no room for  */
	int64_t late_since_ms;
};

struct console {
	int epoll_fd;
	int source_fds[2]; /* masters come from [1] to [0] */
	struct source listener, timer;
	struct console_log log;
	struct tty ttys[TTYS_MAX];
	size_t tty_count;
	struct client clients[CLIENTS_MAX];
};

#define client_each(client, console)                                                               \
	for (__auto_type client = (console)->clients; (client) < (console)->clients + CLIENTS_MAX; \
	     (client)++)                                                                           \
		if ((client)->socket.fd >= 0)

#define tty_each(tty, console)                                                                     \
	for (__auto_type tty = (console)->ttys; (tty) < (console)->ttys + (console)->tty_count;    \
	     (tty)++)

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------------------------ sources */

static int watch(struct console *console, struct source *source, uint32_t events)
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

/* ------------------------------------------------------------------------------------ clients */

static void let_go(struct client *client)
{
	client->socket.fd = close_fd(client->socket.fd); /* which takes it out of the set */
	client->tty = NULL;
	client->input_length = client->output_length = 0;
}

static void start_timer(struct console *console)
{
	const struct itimerspec once = {.it_value = {.tv_sec = PATIENCE_MS / 1000}};
	struct itimerspec left;

	if (timerfd_gettime(console->timer.fd, &left) == 0 && left.it_value.tv_sec == 0 &&
	    left.it_value.tv_nsec == 0)
		(void)timerfd_settime(console->timer.fd, 0, &once, NULL);
}

static void timer_ready(struct console *console, struct source *source, uint32_t events)
{
	const int64_t late = now_ms() - PATIENCE_MS;
	uint64_t times;

	(void)read(source->fd, &times, sizeof(times));
	client_each (client, console) {
		if (!client->output_length)
			continue;
		if (client->late_since_ms <= late)
			let_go(client);
		else
			start_timer(console);
	}
}

static void show(struct console *console, struct client *client,
		 const struct console_message *message, size_t length)
{
	int r = msg_send(client->socket.fd, message, length, NULL, 0);

	if (r == 0)
		return;
	if (r != -EAGAIN) {
		let_go(client);
		return;
	}
	memcpy(&client->output, message, length);
	client->output_length = length;
	client->late_since_ms = now_ms();
	start_timer(console);
}

static void show_late(struct console *console, struct client *client)
{
	size_t length = client->output_length;
	int r = length ? msg_send(client->socket.fd, &client->output, length, NULL, 0) : 0;

	if (r == 0)
		client->output_length = 0;
	else if (r != -EAGAIN)
		let_go(client);
}

static void feed(struct client *client)
{
	ssize_t n;

	if (!client->input_length)
		return;
	n = write(client->tty->master.fd, client->input.data + client->input_at,
		  client->input_length);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n < 0) /* hung up meanwhile: nobody is there to read it */
		n = (ssize_t)client->input_length;
	client->input_at += (size_t)n;
	client->input_length -= (size_t)n;
}

/* ------------------------------------------------------------------------------------- requests */

static __attribute__((format(printf, 2, 3))) void refuse(int fd, const char *fmt, ...)
{
	struct console_message message = {.kind = CONSOLE_REFUSED};
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(message.data, sizeof(message.data), fmt, args);
	va_end(args);
	(void)msg_send(fd, &message, CONSOLE_HEADER + (size_t)length, NULL, 0);
}

static bool in_use(const struct console *console, const struct tty *tty)
{
	if (tty->number == 0)
		return false;
	client_each (client, console)
		if (client->tty == tty)
			return true;
	return false;
}

static struct tty *find_tty(struct console *console, int number)
{
	tty_each (tty, console)
		if (tty->number == number)
			return tty;
	return NULL;
}

static struct tty *find_free_tty(struct console *console)
{
	for (int number = 1; number < TTYS_MAX; number++) {
		struct tty *tty = find_tty(console, number);

		if (tty && !in_use(console, tty))
			return tty;
	}
	return NULL;
}

static struct tty *choose(struct console *console, const struct client *client, int number)
{
	const int fd = client->socket.fd;
	struct tty *tty =
		number == CONSOLE_ANY_TTY ? find_free_tty(console) : find_tty(console, number);

	if (tty && !in_use(console, tty))
		return tty;
	if (tty)
		refuse(fd, "tty%d is in use", number);
	else if (number == 0)
		refuse(fd, "the container has no console (console: 0)");
	else if (number != CONSOLE_ANY_TTY)
		refuse(fd, "the container has no tty%d", number);
	else if (find_tty(console, 1))
		refuse(fd, "every tty of the container is in use");
	else
		refuse(fd, "the container has no ttys (tty: 0)");
	return NULL;
}

static void resize(struct console *console, struct client *client, size_t length)
{
	const struct winsize size = {.ws_row = client->input.rows, .ws_col = client->input.columns};

	if (client->tty && size.ws_row && size.ws_col)
		(void)ioctl(client->tty->master.fd, TIOCSWINSZ, &size);
}

static void attach(struct console *console, struct client *client, size_t length)
{
	struct console_message answer = {.kind = CONSOLE_ATTACHED};
	struct tty *tty = choose(console, client, client->input.tty);

	if (!tty) {
		let_go(client);
		return;
	}
	client->tty = tty;
	answer.tty = tty->number;
	resize(console, client, length);
	show(console, client, &answer, CONSOLE_HEADER);
}

static void take_input(struct console *console, struct client *client, size_t length)
{
	client->input_at = 0;
	client->input_length = client->tty ? length : 0;
	feed(client);
}

static void (*const requests[])(struct console *console, struct client *client, size_t length) = {
	[CONSOLE_ATTACH] = attach,
	[CONSOLE_DATA] = take_input,
	[CONSOLE_SIZE] = resize,
};

static void serve(struct console *console, struct client *client)
{
	ssize_t n =
		msg_receive(client->socket.fd, &client->input, sizeof(client->input), NULL, NULL);
	const uint32_t kind = client->input.kind;

	if (n == -EAGAIN)
		return;
	if (n < (ssize_t)CONSOLE_HEADER || kind >= ARRAY_SIZE(requests) || !requests[kind])
		let_go(client);
	else
		requests[kind](console, client, (size_t)n - CONSOLE_HEADER);
}

static void client_ready(struct console *console, struct source *source, uint32_t events)
{
	struct client *client = container_of(source, struct client, socket);

	if (source->fd >= 0 && events & EPOLLOUT)
		show_late(console, client);
	if (source->fd >= 0 && events & EPOLLIN && !client->input_length)
		serve(console, client);
	else if (source->fd >= 0 && events & (EPOLLHUP | EPOLLERR))
		let_go(client);
}

static void listener_ready(struct console *console, struct source *source, uint32_t events)
{
	cleanup_close int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *client = console->clients;

	while (client < console->clients + CLIENTS_MAX && client->socket.fd >= 0)
		client++;
	if (fd < 0)
		return;
	if (client == console->clients + CLIENTS_MAX) {
		refuse(fd, "%d others look at this container", CLIENTS_MAX);
		return;
	}
	client->socket.fd = take_fd(&fd);
	if (watch(console, &client->socket, EPOLLIN) < 0)
		let_go(client);
}

/* ---------------------------------------------------------------------------------- terminals */

/* A getty or systemd hangs its terminal up when it takes it over: open it anew then. */
static void hold(struct console *console, struct tty *tty)
{
	tty->slave_fd = close_fd(tty->slave_fd);
	tty->slave_fd = ioctl(tty->master.fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty->slave_fd < 0) /* it would be hung up, and so ready, for ever */
		(void)epoll_ctl(console->epoll_fd, EPOLL_CTL_DEL, tty->master.fd, NULL);
}

/* Return: whether there may be more. */
static bool show_output(struct console *console, struct tty *tty)
{
	struct console_message message = {.kind = CONSOLE_DATA};
	ssize_t n = read(tty->master.fd, message.data, sizeof(message.data));

	if (n <= 0)
		return false;
	if (tty->number == 0)
		console_log_add(&console->log, message.data, (size_t)n);
	client_each (client, console)
		if (client->tty == tty)
			show(console, client, &message, CONSOLE_HEADER + (size_t)n);
	return true;
}

static void master_ready(struct console *console, struct source *source, uint32_t events)
{
	struct tty *tty = container_of(source, struct tty, master);

	client_each (client, console)
		if (client->tty == tty && events & EPOLLOUT)
			feed(client);
	if (source->armed & EPOLLIN && show_output(console, tty))
		return;
	if (events & (EPOLLHUP | EPOLLERR))
		hold(console, tty);
}

/* "/dev/ptmx" is what engines expect as the console's name (ns/tty.h). Return: -1 for no name. */
static int number_of(const char *name)
{
	unsigned int number;

	if (strcmp(name, "/dev/ptmx") == 0)
		return 0;
	if (!starts_with(name, "tty") || parse_u32(name + strlen("tty"), &number) < 0)
		return -1;
	return number < TTYS_MAX ? (int)number : -1;
}

static int add_tty(struct console *console, const char *name, int master_fd)
{
	struct tty *tty = &console->ttys[console->tty_count];
	const int number = number_of(name);
	int r;

	if (number < 0 || console->tty_count == TTYS_MAX || find_tty(console, number))
		return -EBADMSG;
	if (fcntl(master_fd, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		return -errno;
	*tty = (struct tty){.master = {.fd = master_fd, .ready = master_ready},
			    .slave_fd = -EBADF,
			    .number = number};
	r = watch(console, &tty->master, EPOLLIN);
	if (r < 0)
		return r;
	console->tty_count++;
	hold(console, tty);
	return 0;
}

/* Everything was sent before create returned: what is there is all. Each piece has a descriptor,
 * and those are a barrier: none is read together with the next (unix(7)). */
static int take_masters(struct console *console, struct err *err)
{
	struct pollfd there = {.fd = console->source_fds[0], .events = POLLIN};
	int fds[MSG_FDS_MAX], r = 0;
	char name[64];

	while (r == 0 && poll(&there, 1, 0) > 0) {
		size_t count = 0;
		ssize_t n = msg_receive(there.fd, name, sizeof(name) - 1, fds, &count);

		if (n <= 0)
			break;
		name[n] = '\0';
		r = count == 1 ? add_tty(console, name, fds[0]) : -EBADMSG;
		for (size_t i = r < 0 ? 0 : 1; i < count; i++)
			close_fd(fds[i]);
	}
	return r < 0 ? err_set(err, r, "take the container's terminals") : 0;
}

/* -------------------------------------------------------------------------------------- the whole
 */

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
	new->source_fds[0] = new->source_fds[1] = -EBADF;
	new->listener = (struct source){.fd = -EBADF, .ready = listener_ready};
	new->timer = (struct source){.fd = -EBADF, .ready = timer_ready};
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
		r = take_masters(console, err);
	if (r < 0)
		return r;
	console->listener.fd = unix_listen(path, SOCK_SEQPACKET, 0600);
	if (console->listener.fd < 0)
		return err_set(err, console->listener.fd, "listen on %s", path);
	r = watch(console, &console->listener, EPOLLIN);
	if (r == 0)
		r = watch(console, &console->timer, EPOLLIN);
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
		show_late(console, client);
		if (client->output_length) /* nobody waits for it any more */
			let_go(client);
	}
	tty_each (tty, console)
		while (show_output(console, tty))
			;
}

void console_free(struct console *console)
{
	if (!console)
		return;
	client_each (client, console)
		let_go(client);
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
