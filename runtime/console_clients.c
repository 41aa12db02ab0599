#include "lib/clock.h"
#include "lib/err.h"
#include "lib/msg.h"
#include "lib/own.h"
#include "runtime/console_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

enum { PATIENCE_MS = 2000 };

void client_let_go(struct client *client)
{
	client->socket.fd = close_fd(client->socket.fd); /* which takes it out of the set */
	client->tty = NULL;
	client->input_length = client->output_length = 0;
	free(take_ptr(&client->input));
	free(take_ptr(&client->output));
}

static void start_timer(struct console *console)
{
	const struct itimerspec once = {.it_value = {.tv_sec = PATIENCE_MS / 1000}};
	struct itimerspec left;

	if (timerfd_gettime(console->timer.fd, &left) == 0 && left.it_value.tv_sec == 0 &&
	    left.it_value.tv_nsec == 0)
		(void)timerfd_settime(console->timer.fd, 0, &once, NULL);
}

void clients_check(struct console *console, struct source *source, uint32_t events)
{
	uint64_t times;

	(void)read(source->fd, &times, sizeof(times));
	client_each (client, console) {
		if (!client->output_length)
			continue;
		if (deadline_left(client->deadline) == 0)
			client_let_go(client);
		else
			start_timer(console);
	}
}

static void keep(struct console *console, struct client *client,
		 const struct console_message *message, size_t length)
{
	if (!client->output)
		client->output = malloc(sizeof(*client->output));
	if (!client->output) {
		client_let_go(client);
		return;
	}
	memcpy(client->output, message, length);
	client->output_length = length;
	client->deadline = deadline_in_ms(PATIENCE_MS);
	start_timer(console);
}

void client_show(struct console *console, struct client *client,
		 const struct console_message *message, size_t length)
{
	int r = msg_send(client->socket.fd, message, length, NULL, 0);

	if (r == 0)
		return;
	if (r != -EAGAIN) {
		client_let_go(client);
		return;
	}
	keep(console, client, message, length);
}

void client_show_late(struct console *console, struct client *client)
{
	size_t length = client->output_length;
	int r = length ? msg_send(client->socket.fd, client->output, length, NULL, 0) : 0;

	if (r == 0)
		client->output_length = 0;
	else if (r != -EAGAIN)
		client_let_go(client);
}

void client_feed(struct client *client)
{
	ssize_t n;

	if (!client->input_length)
		return;
	n = write(client->tty->master.fd, client->input->data + client->input_at,
		  client->input_length);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n < 0) /* hung up meanwhile: nobody is there to read it */
		n = (ssize_t)client->input_length;
	client->input_at += (size_t)n;
	client->input_length -= (size_t)n;
}

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

static struct tty *choose(struct console *console, const struct client *client, int number)
{
	const int fd = client->socket.fd;
	struct tty *tty =
		number == CONSOLE_ANY_TTY ? tty_find_free(console) : tty_find(console, number);

	if (tty && !tty_in_use(console, tty))
		return tty;
	if (tty)
		refuse(fd, "tty%d is in use", number);
	else if (number == 0)
		refuse(fd, "the container has no console (console: 0)");
	else if (number != CONSOLE_ANY_TTY)
		refuse(fd, "the container has no tty%d", number);
	else if (tty_find(console, 1))
		refuse(fd, "every tty of the container is in use");
	else
		refuse(fd, "the container has no ttys (tty: 0)");
	return NULL;
}

static void resize(struct console *console, struct client *client, size_t length)
{
	const struct winsize size = {.ws_row = client->input->rows,
				     .ws_col = client->input->columns};

	if (client->tty && size.ws_row && size.ws_col)
		(void)ioctl(client->tty->master.fd, TIOCSWINSZ, &size);
}

static void attach(struct console *console, struct client *client, size_t length)
{
	struct console_message answer = {.kind = CONSOLE_ATTACHED};
	struct tty *tty = choose(console, client, client->input->tty);

	if (!tty) {
		client_let_go(client);
		return;
	}
	client->tty = tty;
	answer.tty = tty->number;
	resize(console, client, length);
	client_show(console, client, &answer, CONSOLE_HEADER);
}

static void take_input(struct console *console, struct client *client, size_t length)
{
	client->input_at = 0;
	client->input_length = client->tty ? length : 0;
	client_feed(client);
}

static void (*const requests[])(struct console *console, struct client *client, size_t length) = {
	[CONSOLE_ATTACH] = attach,
	[CONSOLE_DATA] = take_input,
	[CONSOLE_SIZE] = resize,
};

static void serve(struct console *console, struct client *client)
{
	ssize_t n =
		msg_receive(client->socket.fd, client->input, sizeof(*client->input), NULL, NULL);
	const uint32_t kind = client->input->kind;

	if (n == -EAGAIN)
		return;
	if (n < (ssize_t)CONSOLE_HEADER || kind >= ARRAY_SIZE(requests) || !requests[kind])
		client_let_go(client);
	else
		requests[kind](console, client, (size_t)n - CONSOLE_HEADER);
}

void client_ready(struct console *console, struct source *source, uint32_t events)
{
	struct client *client = container_of(source, struct client, socket);

	if (source->fd >= 0 && events & EPOLLOUT)
		client_show_late(console, client);
	if (source->fd >= 0 && events & EPOLLIN && !client->input_length)
		serve(console, client);
	else if (source->fd >= 0 && events & (EPOLLHUP | EPOLLERR))
		client_let_go(client);
}

void clients_accept(struct console *console, struct source *source, uint32_t events)
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
	client->input = malloc(sizeof(*client->input));
	if (!client->input || console_watch(console, &client->socket, EPOLLIN) < 0)
		client_let_go(client);
}
