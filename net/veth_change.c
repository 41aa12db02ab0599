#include "lib/err.h"
#include "lib/run.h"
#include "net/neighbours.h"
#include "net/rtnl.h"
#include "net/veth.h"

#include <string.h>

/* Pairs of a running container: they come, go, and get another bridge, MTU or cable. */

static const struct veth_step *veth_of(const struct step *step)
{
	return container_of(step, struct veth_step, step);
}

bool veth_same(const struct step *one, const struct step *other)
{
	const struct veth_step *a = veth_of(one), *b = veth_of(other);

	return strcmp(a->host, b->host) == 0 && strcmp(a->name, b->name) == 0 &&
	       memcmp(a->hwaddr, b->hwaddr, HWADDR_BYTES) == 0;
}

int veth_revert(const struct step *step, struct run *run, struct err *err)
{
	const struct veth_step *veth = veth_of(step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	char hwaddr[HWADDR_TEXT];
	int r = veth_remove(veth->host, hwaddr_text(veth->host_hwaddr, hwaddr), err);

	if (r == 0)
		r = rtnl_open(&sock, err);
	if (r == 0)
		r = port_leave(sock, &veth->port, err);
	return r < 0 ? r : neighbours_forget(hwaddr_text(veth->hwaddr, hwaddr), err);
}

static int change_host_end(const struct veth_step *from, const struct veth_step *to,
			   struct err *err)
{
	const struct port_move move = {
		.from = &from->port,
		.to = &to->port,
		.was_up = !from->link_down,
		.up = !to->link_down,
		.mtu = to->host_mtu != from->host_mtu ? to->host_mtu : 0,
	};
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	char hwaddr[HWADDR_TEXT];
	int r = rtnl_open(&sock, err);

	if (r == 0)
		r = veth_find(sock, to->host, hwaddr_text(to->host_hwaddr, hwaddr), &link, err);
	if (r == 0 && !link)
		r = err_plain(err, -ENODEV, "%s is gone: stop and start the container", to->host);
	return r < 0 ? r : port_move(sock, link, &move, err);
}

static int change_inner_mtu(const struct veth_step *to, struct run *run, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	cleanup_(link_put) struct rtnl_link *wanted = rtnl_link_alloc();
	int r = wanted ? rtnl_open_in(run->netns_fd, &sock, err) : -ENOMEM;

	if (r == 0)
		r = link_find(sock, to->name, &link, err);
	if (r < 0 || !link)
		return r; /* the container has given it another name: its own affair */
	rtnl_link_set_mtu(wanted, to->mtu);
	r = rtnl_errno(rtnl_link_change(sock, link, wanted, 0));
	return r < 0 ? err_set(err, r, "set the MTU of %s to %u", to->name, to->mtu) : 0;
}

int veth_change(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	const struct veth_step *before = veth_of(from), *after = veth_of(to);
	char hwaddr[HWADDR_TEXT];
	int r = 0;

	if (!port_same_bridge(&before->port, &after->port))
		r = run_journal(run, to, err); /* it may leave another bridge behind */
	if (r < 0)
		return r;
	r = change_host_end(before, after, err);
	if (r == 0 && !port_same_bridge(&before->port, &after->port))
		r = neighbours_forget(hwaddr_text(after->hwaddr, hwaddr), err);
	if (r == 0 && after->mtu && after->mtu != before->mtu)
		r = change_inner_mtu(after, run, err);
	if (r < 0)
		(void)change_host_end(after, before, NULL); /* the first failure is what counts */
	return r;
}
