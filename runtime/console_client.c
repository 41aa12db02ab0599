#include "lib/arena.h"
#include "lib/err.h"
#include "lib/msg.h"
#include "runtime/console.h"
#include "runtime/console_wire.h"
#include "runtime/container.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static void set_size(struct console_message *message, const struct winsize *size)
{
	message->rows = size ? size->ws_row : 0;
	message->columns = size ? size->ws_col : 0;
}

static int connect_to(const struct runtime *runtime, const char *id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *path = arena_printf(&arena, "%s/%s/console", runtime->root, id);
	int fd = unix_connect(path, SOCK_SEQPACKET);

	if (fd >= 0)
		return fd;
	err_set(err, fd, "connect to the console of %s", id);
	if (fd == -ENOENT)
		err_hint(err, "only a container that pct has started has one");
	if (fd == -ECONNREFUSED)
		err_hint(err, "its monitor has ended; pct stop and pct start bring it back");
	return fd;
}

static int ask(int fd, int tty, const struct winsize *size, int *got, struct err *err)
{
	struct console_message message = {.kind = CONSOLE_ATTACH, .tty = tty};
	ssize_t n;

	set_size(&message, size);
	n = msg_send(fd, &message, CONSOLE_HEADER, NULL, 0);
	if (n == 0)
		n = msg_receive(fd, &message, sizeof(message), NULL, NULL);
	if (n < (ssize_t)CONSOLE_HEADER)
		return err_set(err, n < 0 ? (int)n : -ECONNRESET, "ask for the console");
	if (message.kind == CONSOLE_REFUSED)
		return err_plain(err, -EBUSY, "%.*s", (int)(n - (ssize_t)CONSOLE_HEADER),
				 message.data);
	*got = message.tty;
	return 0;
}

int console_attach(const struct runtime *runtime, const char *id, int tty,
		   const struct winsize *size, int *got, struct err *err)
{
	cleanup_close int fd = connect_to(runtime, id, err);
	int r;

	if (fd < 0)
		return fd;
	r = ask(fd, tty, size, got, err);
	if (r < 0)
		return r;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return err_set(err, -errno, "console of %s", id);
	return take_fd(&fd);
}

ssize_t console_receive(int fd, void *data, size_t size)
{
	struct console_message message;
	ssize_t n = msg_receive(fd, &message, sizeof(message), NULL, NULL);

	if (n <= 0)
		return n == -ECONNRESET ? 0 : n;
	if (n < (ssize_t)CONSOLE_HEADER || (size_t)n - CONSOLE_HEADER > size)
		return -EBADMSG;
	memcpy(data, message.data, (size_t)n - CONSOLE_HEADER);
	return n - (ssize_t)CONSOLE_HEADER;
}

ssize_t console_send(int fd, const void *data, size_t length)
{
	struct console_message message = {.kind = CONSOLE_DATA};
	int r;

	if (length > sizeof(message.data))
		length = sizeof(message.data);
	memcpy(message.data, data, length);
	r = msg_send(fd, &message, CONSOLE_HEADER + length, NULL, 0);
	return r < 0 ? r : (ssize_t)length;
}

int console_resize(int fd, const struct winsize *size)
{
	struct console_message message = {.kind = CONSOLE_SIZE};

	set_size(&message, size);
	return msg_send(fd, &message, CONSOLE_HEADER, NULL, 0);
}
