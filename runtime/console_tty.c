#include "lib/err.h"
#include "lib/msg.h"
#include "lib/own.h"
#include "lib/text.h"
#include "runtime/console_parts.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

struct tty *tty_find(struct console *console, int number)
{
	tty_each (tty, console)
		if (tty->number == number)
			return tty;
	return NULL;
}

bool tty_in_use(const struct console *console, const struct tty *tty)
{
	if (tty->number == 0)
		return false;
	client_each (client, console)
		if (client->tty == tty)
			return true;
	return false;
}

struct tty *tty_find_free(struct console *console)
{
	for (int number = 1; number < TTYS_MAX; number++) {
		struct tty *tty = tty_find(console, number);

		if (tty && !tty_in_use(console, tty))
			return tty;
	}
	return NULL;
}

/* A getty or systemd hangs its terminal up when it takes it over: open it anew then. */
static void hold(struct console *console, struct tty *tty)
{
	tty->slave_fd = close_fd(tty->slave_fd);
	tty->slave_fd = ioctl(tty->master.fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty->slave_fd < 0) /* it would be hung up, and so ready, for ever */
		(void)epoll_ctl(console->epoll_fd, EPOLL_CTL_DEL, tty->master.fd, NULL);
}

/* Return: whether there may be more. */
bool tty_show(struct console *console, struct tty *tty)
{
	struct console_message message = {.kind = CONSOLE_DATA};
	ssize_t n = read(tty->master.fd, message.data, sizeof(message.data));

	if (n <= 0)
		return false;
	if (tty->number == 0)
		console_log_add(&console->log, message.data, (size_t)n);
	client_each (client, console)
		if (client->tty == tty)
			client_show(console, client, &message, CONSOLE_HEADER + (size_t)n);
	return true;
}

static void master_ready(struct console *console, struct source *source, uint32_t events)
{
	struct tty *tty = container_of(source, struct tty, master);

	client_each (client, console)
		if (client->tty == tty && events & EPOLLOUT)
			client_feed(client);
	if (source->armed & EPOLLIN && tty_show(console, tty))
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

	if (number < 0 || console->tty_count == TTYS_MAX || tty_find(console, number))
		return -EBADMSG;
	if (fcntl(master_fd, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		return -errno;
	*tty = (struct tty){.master = {.fd = master_fd, .ready = master_ready},
			    .slave_fd = -EBADF,
			    .number = number};
	r = console_watch(console, &tty->master, EPOLLIN);
	if (r < 0)
		return r;
	console->tty_count++;
	hold(console, tty);
	return 0;
}

/* Everything was sent before create returned: what is there is all. Each piece has a descriptor,
 * and those are a barrier: none is read together with the next (unix(7)). */
int ttys_take(struct console *console, struct err *err)
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
