#include "net/request.h"

#include "net/rtnl.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

/* Where every other VLAN of 4094 is a range of its own, a port's list of them has 16 KiB. */
enum { ROOM = 32768 };

void request_init(struct request *request, int type, int flags, const void *header, size_t length)
{
	request->r = 0;
	request->msg = nlmsg_alloc_size(ROOM);
	if (!request->msg || !nlmsg_put(request->msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, flags) ||
	    nlmsg_append(request->msg, (void *)header, length, NLMSG_ALIGNTO) < 0)
		request->r = -ENOMEM;
}

void request_put(struct request *request, int type, const void *data, size_t length)
{
	if (request->r == 0)
		request->r = rtnl_errno(nla_put(request->msg, type, (int)length, data));
}

void request_text(struct request *request, int type, const char *text)
{
	request_put(request, type, text, strlen(text) + 1);
}

struct nlattr *request_open(struct request *request, int type)
{
	struct nlattr *nest = request->r == 0 ? nla_nest_start(request->msg, type) : NULL;

	if (!nest && request->r == 0)
		request->r = -ENOMEM;
	return nest;
}

void request_close(struct request *request, struct nlattr *nest)
{
	if (request->r == 0)
		request->r = rtnl_errno(nla_nest_end(request->msg, nest));
}

int request_send(struct nl_sock *sock, struct request *request)
{
	if (request->r == 0)
		return rtnl_errno(nl_send_sync(sock, request->msg)); /* frees it */
	nlmsg_free(request->msg);                                    /* passes over NULL */
	return request->r;
}

static int ask(struct nl_sock *sock, struct request *request,
	       int (*each)(struct nl_msg *msg, void *data), void *data)
{
	int r = request->r;

	if (r == 0)
		r = rtnl_errno(nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, each, data));
	if (r == 0)
		r = rtnl_errno(nl_send_auto(sock, request->msg));
	if (r >= 0)
		r = rtnl_errno(nl_recvmsgs_default(sock));
	(void)nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_DEFAULT, NULL, NULL);
	nlmsg_free(request->msg); /* passes over NULL */
	return r;
}

int request_dump(struct nl_sock *sock, struct request *request,
		 int (*each)(struct nl_msg *msg, void *data), void *data)
{
	return ask(sock, request, each, data);
}

/* The answer, and then the acknowledgement. */
int request_get(struct nl_sock *sock, struct request *request,
		int (*each)(struct nl_msg *msg, void *data), void *data)
{
	int r = ask(sock, request, each, data);

	return r < 0 ? r : rtnl_errno(nl_wait_for_ack(sock));
}
