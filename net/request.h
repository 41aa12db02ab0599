#pragma once

#include <stddef.h>

struct nl_msg;
struct nl_sock;
struct nlattr;

/*
 * A netlink message of our own making, for what libnl has no words for: VLANs of ports, queues.
 * Its parts are put one after the other; the first that fails is kept until it is sent.
 */
struct request {
	struct nl_msg *msg;
	int r;
};

/** request_init() - @header: what follows nlmsghdr in a message of this type: ifinfomsg, tcmsg */
void request_init(struct request *request, int type, int flags, const void *header, size_t length);

/** request_put() - an attribute, in the innermost that is open; request_text() - one that is a
 * string, with its end. What fails is said by request_send(). */
void request_put(struct request *request, int type, const void *data, size_t length);
void request_text(struct request *request, int type, const char *text);

/** request_open() / request_close() - attributes inside an attribute. */
struct nlattr *request_open(struct request *request, int type);
void request_close(struct request *request, struct nlattr *nest);

/** request_send() - send it, free it, wait for the answer. Return: 0 or a negative errno. */
int request_send(struct nl_sock *sock, struct request *request);

/**
 * request_dump() - send one that is answered by messages, and free it
 * @each: called for every one of them; its return is passed over
 * Return: 0 or a negative errno.
 */
int request_dump(struct nl_sock *sock, struct request *request,
		 int (*each)(struct nl_msg *msg, void *data), void *data);

/** request_get() - the same for one that is answered by a single message. */
int request_get(struct nl_sock *sock, struct request *request,
		int (*each)(struct nl_msg *msg, void *data), void *data);
