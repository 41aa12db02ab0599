#include "cli/relay.h"

#include "lib/msg.h"
#include "lib/own.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

/* While nobody has the other end open reads fail; a program may come back to it all the same. */
static int hold(struct peer *peer)
{
	peer->slave_fd = close_fd(peer->slave_fd);
	peer->slave_fd = ioctl(peer->fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return peer->slave_fd < 0 ? -errno : 0;
}

static ssize_t pty_read(struct peer *peer, void *data, size_t size)
{
	ssize_t n = read(peer->fd, data, size);

	if (n > 0)
		return n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	return hold(peer) < 0 ? 0 : -EAGAIN;
}

static ssize_t pty_write(struct peer *peer, const void *data, size_t length)
{
	ssize_t n = write(peer->fd, data, length);

	return n < 0 ? -errno : n;
}

static void pty_resize(struct peer *peer, const struct winsize *size)
{
	(void)ioctl(peer->fd, TIOCSWINSZ, size);
}

/* In the midst of a line the key only ends the line, and has to come again. */
static size_t pty_end_keys(struct peer *peer, bool within_line, char keys[2])
{
	struct termios modes;

	if (tcgetattr(peer->fd, &modes) < 0)
		return 0;
	keys[0] = keys[1] = (char)modes.c_cc[VEOF];
	return within_line ? 2 : 1;
}

static const struct peer_kind pty_kind = {
	.receive = pty_read,
	.send = pty_write,
	.resize = pty_resize,
	.end_keys = pty_end_keys,
};

int pty_receive(int console_fd)
{
	struct pollfd there = {.fd = console_fd, .events = POLLIN};
	int fds[MSG_FDS_MAX];
	size_t count = 0;
	char name[64];

	if (poll(&there, 1, 0) <= 0 ||
	    msg_receive(console_fd, name, sizeof(name), fds, &count) <= 0 || count == 0)
		return -EBADF;
	for (size_t i = 1; i < count; i++)
		close_fd(fds[i]);
	return fds[0];
}

void peer_pty(struct peer *peer, int master_fd)
{
	*peer = (struct peer){.kind = &pty_kind, .fd = master_fd, .slave_fd = -EBADF};
	(void)fcntl(master_fd, F_SETFL, O_RDWR | O_NONBLOCK);
	(void)hold(peer); /* as long as the program has it open nothing is missing */
}
