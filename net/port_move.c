#include "lib/err.h"
#include "net/link.h"
#include "net/port.h"
#include "net/rtnl.h"

#include <net/if.h>

static bool same_place(const struct port_move *move)
{
	return port_same_bridge(move->from, move->to) &&
	       move->from->vlan_aware == move->to->vlan_aware;
}

/* In a VLAN-aware bridge it is set up when it has its VLANs. */
static bool goes_up_later(const struct port_move *move)
{
	return move->up && move->to->vlan_aware && (!same_place(move) || !move->was_up);
}

/* What differs, as a link that has nothing else. */
static void describe(const struct port_move *move, int bridge, struct rtnl_link *wanted)
{
	if (move->mtu)
		rtnl_link_set_mtu(wanted, move->mtu);
	if (move->up && !goes_up_later(move))
		rtnl_link_set_flags(wanted, IFF_UP);
	else
		rtnl_link_unset_flags(wanted, IFF_UP);
	if (!port_same_bridge(move->from, move->to))
		rtnl_link_set_master(wanted, bridge);
}

static int enter_vlans(struct nl_sock *sock, struct rtnl_link *link, const struct port_move *move,
		       struct err *err)
{
	const int index = rtnl_link_get_ifindex(link);
	int r = 0;

	if (!move->to->vlan_aware)
		return 0;
	if (!same_place(move) || !port_same_vlans(move->from, move->to))
		r = port_set_vlans(sock, index, move->to, err);
	if (r < 0 || !goes_up_later(move))
		return r;
	r = rtnl_up(sock, index);
	return r < 0 ? err_set(err, r, "set %s up", rtnl_link_get_name(link)) : 0;
}

static int enter(struct nl_sock *sock, struct rtnl_link *link, const struct port_move *move,
		 struct err *err)
{
	cleanup_(port_close) struct port_place place = {.lock_fd = -EBADF};
	cleanup_(link_put) struct rtnl_link *wanted = rtnl_link_alloc();
	int r = port_open(sock, move->to, &place, err);

	if (r < 0)
		return r;
	if (!wanted)
		return err_set(err, -ENOMEM, "describe %s", rtnl_link_get_name(link));
	describe(move, place.index, wanted);
	r = rtnl_errno(rtnl_link_change(sock, link, wanted, 0));
	if (r < 0)
		return err_set(err, r, "change %s", rtnl_link_get_name(link));
	return enter_vlans(sock, link, move, err);
}

int port_move(struct nl_sock *sock, struct rtnl_link *link, const struct port_move *move,
	      struct err *err)
{
	int r = enter(sock, link, move, err);

	return r < 0 || port_same_bridge(move->from, move->to) ? r
							       : port_leave(sock, move->from, err);
}
