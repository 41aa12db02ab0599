#include "runtime/sync.h"

#include "lib/msg.h"
#include "lib/own.h"

#include <errno.h>
#include <poll.h>

struct message {
	enum sync_barrier barrier;
	struct err err;
};

const char *sync_name(enum sync_barrier barrier)
{
	static const char *const names[] = {
		[SYNC_MAPPED] = "mapped", [SYNC_ATTACHED] = "attached", [SYNC_MOUNTED] = "mounted",
		[SYNC_HOOKED] = "hooked", [SYNC_READY] = "ready",       [SYNC_SAVED] = "saved",
		[SYNC_FAILED] = "failed",
	};

	return names[barrier];
}

int sync_send(int sync_fd, enum sync_barrier barrier)
{
	return msg_send(sync_fd, &barrier, sizeof(barrier), NULL, 0);
}

void sync_fail(int sync_fd, const struct err *why)
{
	struct message message = {.barrier = SYNC_FAILED, .err = *why};

	(void)msg_send(sync_fd, &message, sizeof(message), NULL, 0); /* nobody left to tell */
}

int sync_wait_unless(int sync_fd, int cancel_fd, enum sync_barrier barrier, struct err *err)
{
	struct pollfd polled[] = {{.fd = sync_fd, .events = POLLIN},
				  {.fd = cancel_fd, .events = POLLIN}};

	while (poll(polled, ARRAY_SIZE(polled), -1) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for the other side");
	if (polled[1].revents && !polled[0].revents)
		return err_plain(err, -EINTR, "interrupted");
	return sync_wait(sync_fd, barrier, err);
}

int sync_wait(int sync_fd, enum sync_barrier barrier, struct err *err)
{
	struct message message = {};
	ssize_t n;

	n = msg_receive(sync_fd, &message, sizeof(message), NULL, NULL);
	if (n < 0)
		return err_set(err, (int)n, "wait for the other side");
	if (n == 0)
		return err_plain(err, -EPIPE, "the container's process ended unexpectedly");
	if (message.barrier == SYNC_FAILED && n == sizeof(message)) {
		*err = message.err;
		return -err->num;
	}
	if (message.barrier != barrier)
		return err_set(err, -EPROTO, "wait for the other side");
	return 0;
}
