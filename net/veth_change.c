#include "lib/err.h"
#include "lib/run.h"
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
	char hwaddr[HWADDR_TEXT];

	return veth_remove(veth->host, hwaddr_text(veth->host_hwaddr, hwaddr), err);
}

static bool same_port(const struct veth_step *a, const struct veth_step *b)
{
	return port_same_bridge(&a->port, &b->port) && a->port.vlan_aware == b->port.vlan_aware;
}

/* In a VLAN-aware bridge it is set up when it has its VLANs. */
static bool goes_up_later(const struct veth_step *from, const struct veth_step *to)
{
	return to->port.vlan_aware && (!same_port(from, to) || from->link_down);
}

/* What differs, as a link that has nothing else. */
static int describe(const struct veth_step *from, const struct veth_step *to,
		    struct rtnl_link *wanted, struct err *err)
{
	if (to->host_mtu && to->host_mtu != from->host_mtu)
		rtnl_link_set_mtu(wanted, to->host_mtu);
	if (to->link_down || goes_up_later(from, to))
		rtnl_link_unset_flags(wanted, IFF_UP);
	else
		rtnl_link_set_flags(wanted, IFF_UP);
	if (port_same_bridge(&from->port, &to->port))
		return 0;
	if (to->port.bridge)
		return port_set_bridge(wanted, to->port.bridge, err);
	rtnl_link_set_master(wanted, 0);
	return 0;
}

static int find_host_end(struct nl_sock *sock, const struct veth_step *veth,
			 struct rtnl_link **link, struct err *err)
{
	char hwaddr[HWADDR_TEXT];
	int r = veth_find(sock, veth->host, hwaddr_text(veth->host_hwaddr, hwaddr), link, err);

	if (r == 0 && !*link)
		r = err_plain(err, -ENODEV, "%s is gone: stop and start the container", veth->host);
	return r;
}

static int change_vlans(struct nl_sock *sock, int index, const struct veth_step *from,
			const struct veth_step *to, struct err *err)
{
	int r = 0;

	if (!to->port.vlan_aware)
		return 0;
	if (!same_port(from, to) || !port_same_vlans(&from->port, &to->port))
		r = port_set_vlans(sock, index, &to->port, err);
	if (r == 0 && goes_up_later(from, to)) {
		r = rtnl_up(sock, index);
		return r < 0 ? err_set(err, r, "set %s up", to->host) : 0;
	}
	return r;
}

static int change_host_end(const struct veth_step *from, const struct veth_step *to,
			   struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	cleanup_(link_put) struct rtnl_link *wanted = rtnl_link_alloc();
	int r;

	if (!wanted)
		return err_set(err, -ENOMEM, "describe %s", to->host);
	r = describe(from, to, wanted, err);
	if (r == 0)
		r = rtnl_open(&sock, err);
	if (r == 0)
		r = find_host_end(sock, to, &link, err);
	if (r < 0)
		return r;
	r = rtnl_errno(rtnl_link_change(sock, link, wanted, 0));
	if (r < 0)
		return err_set(err, r, "change %s", to->host);
	return change_vlans(sock, rtnl_link_get_ifindex(link), from, to, err);
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
	int r = change_host_end(before, after, err);

	if (r == 0 && after->mtu && after->mtu != before->mtu)
		r = change_inner_mtu(after, run, err);
	if (r < 0)
		(void)change_host_end(after, before, NULL); /* the first failure is what counts */
	return r;
}
