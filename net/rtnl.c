#include "net/rtnl.h"

#include "lib/err.h"
#include "net/netns.h"

#include <net/if.h>
#include <netlink/errno.h>
#include <netlink/route/link.h>

/* libnl folds several errno values into one; the likeliest of each. */
static const struct {
	int nle, num;
} numbers[] = {
	{NLE_EXIST, EEXIST},         {NLE_PERM, EPERM},           {NLE_NOACCESS, EACCES},
	{NLE_NODEV, ENODEV},         {NLE_OBJ_NOTFOUND, ENOENT},  {NLE_INVAL, EINVAL},
	{NLE_NOMEM, ENOMEM},         {NLE_BUSY, EBUSY},           {NLE_RANGE, ERANGE},
	{NLE_NOADDR, EADDRNOTAVAIL}, {NLE_OPNOTSUPP, EOPNOTSUPP}, {NLE_AF_NOSUPPORT, EAFNOSUPPORT},
	{NLE_AGAIN, EAGAIN},
};

int rtnl_errno(int r)
{
	if (r >= 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i].nle == -r)
			return -numbers[i].num;
	return -EIO;
}

/* Larger than what the kernel answers with, but for lists of links (rtnl_expect_more()): so each
 * answer is received at once, without a look at its length before. */
enum { ANSWER = 65536 };

/* Whoever may administer a network namespace may send to everybody in it, as much as they have room
 * for: what isn't from the kernel is passed over, also one that says it has more parts, which would
 * be waited for. */
static int hear_the_kernel(struct nl_sock *sock, struct sockaddr_nl *from, unsigned char **message,
			   struct ucred **creds)
{
	enum { OTHERS = 1024 };

	for (int i = 0; i < OTHERS; i++) {
		int n = nl_recv(sock, from, message, creds);

		if (n <= 0 || from->nl_pid == 0)
			return n;
		free(*message);
		*message = NULL;
	}
	return -NLE_AGAIN;
}

int rtnl_open(struct nl_sock **sock, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *new = nl_socket_alloc();
	struct nl_cb *cb;
	int r = new ? rtnl_errno(nl_connect(new, NETLINK_ROUTE)) : -ENOMEM;

	if (r == 0)
		r = rtnl_errno(nl_socket_set_msg_buf_size(new, ANSWER));
	if (r < 0)
		return err_set(err, r, "open a route netlink socket");
	nl_socket_disable_msg_peek(new);
	cb = nl_socket_get_cb(new);
	nl_cb_overwrite_recv(cb, hear_the_kernel);
	nl_cb_put(cb);
	*sock = take_ptr(&new);
	return 0;
}

static int open_there(void *data, struct err *err)
{
	return rtnl_open(data, err);
}

int rtnl_open_in(int netns_fd, struct nl_sock **sock, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *new = NULL;
	int r = netns_do(netns_fd, open_there, &new, err);

	if (r == 0)
		*sock = take_ptr(&new);
	return r;
}

int rtnl_up(struct nl_sock *sock, int index)
{
	struct rtnl_link *link = rtnl_link_alloc();
	struct rtnl_link *change = rtnl_link_alloc();
	int r = -ENOMEM;

	if (link && change) {
		rtnl_link_set_ifindex(link, index);
		rtnl_link_set_flags(change, IFF_UP);
		r = rtnl_errno(rtnl_link_change(sock, link, change, 0));
	}
	rtnl_link_put(link); /* passes over NULL */
	rtnl_link_put(change);
	return r;
}

void rtnl_expect_more(struct nl_sock *sock)
{
	nl_socket_enable_msg_peek(sock);
}

static int go_on(struct nl_msg *msg, void *data)
{
	return NL_OK;
}

void rtnl_list_once(struct nl_sock *sock)
{
	(void)nl_socket_modify_cb(sock, NL_CB_DUMP_INTR, NL_CB_CUSTOM, go_on, NULL);
}
