#include "debug/denials_parts.h"

#include "lib/own.h"
#include "net/rtnl.h"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

/* Audit records by netlink, beside auditd if there is one: audit_multicast_bind() in the kernel. */

enum { ROOM = 1 << 20 }; /* of the socket, for a flood of records */

struct hearing {
	struct audit_socket *audit;
	struct records *records;
};

static int hear(struct nl_msg *message, void *data)
{
	const struct hearing *hearing = data;
	const struct nlmsghdr *header = nlmsg_hdr(message);
	cleanup_(text_free) struct text line = {};

	hearing->audit->heard = true;
	text_addf(&line, "audit: type=%u ", header->nlmsg_type);
	text_addn(&line, nlmsg_data(header), (size_t)nlmsg_datalen(header));
	records_take(hearing->records, RECORD_OF_SOCKET, text_str(&line));
	return NL_OK;
}

int audit_socket_open(struct audit_socket *audit)
{
	int r;

	*audit = (struct audit_socket){.socket = nl_socket_alloc(), .fd = -EBADF};
	if (!audit->socket)
		return -ENOMEM;
	nl_socket_disable_seq_check(audit->socket);
	r = rtnl_errno(nl_connect(audit->socket, NETLINK_AUDIT));
	if (r == 0)
		r = rtnl_errno(nl_socket_add_membership(audit->socket, AUDIT_NLGRP_READLOG));
	if (r == 0)
		r = rtnl_errno(nl_socket_set_nonblocking(audit->socket));
	if (r < 0) {
		audit_socket_close(audit);
		return r;
	}
	(void)nl_socket_set_buffer_size(audit->socket, ROOM, 0); /* less is said when it overruns */
	audit->fd = nl_socket_get_fd(audit->socket);
	return 0;
}

/* ENOBUFS: more came than there was room for; libnl makes NLE_NOMEM of it. */
void audit_socket_read(struct audit_socket *audit, struct records *records)
{
	struct hearing hearing = {.audit = audit, .records = records};
	int r, reads = 0;

	(void)nl_socket_modify_cb(audit->socket, NL_CB_VALID, NL_CB_CUSTOM, hear, &hearing);
	do {
		r = nl_recvmsgs_default(audit->socket);
		audit->overruns += r == -NLE_NOMEM;
	} while ((r >= 0 || r == -NLE_NOMEM) && ++reads < RECORDS_AT_ONCE);
}

void audit_socket_close(struct audit_socket *audit)
{
	nl_socket_free(audit->socket); /* passes over NULL */
	audit->socket = NULL;
	audit->fd = -EBADF;
}
