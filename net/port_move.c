#include "lib/err.h"
#include "net/link.h"
#include "net/port.h"
#include "net/rtnl.h"

#include <net/if.h>

/* struct entering - a link before its bridge. Where it is now is asked of the kernel: somebody may
 * have taken it out, or its bridge away. */
struct entering {
	const struct port_move *move;
	int index, bridge;
	bool moves;
};

static bool stays_elsewhere(const struct port_move *move)
{
	return move->from->elsewhere && move->to->elsewhere;
}

/* Its bridge has been taken away: there is nothing to enter until it is back. */
static bool lost_its_bridge(const struct port_move *move)
{
	return move->to->bridge && port_same_bridge(move->from, move->to) &&
	       if_nametoindex(move->to->bridge) == 0;
}

/* Where it has to get VLANs or options first it is set up when it has them. */
static bool goes_up_later(const struct entering *entering)
{
	const struct port_move *move = entering->move;

	return move->up && port_settles(move->to) && (entering->moves || !move->was_up);
}

/* What differs, as a link that has nothing else. */
static void describe(const struct entering *entering, struct rtnl_link *wanted)
{
	const struct port_move *move = entering->move;

	if (move->mtu)
		rtnl_link_set_mtu(wanted, move->mtu);
	if (move->up && !goes_up_later(entering))
		rtnl_link_set_flags(wanted, IFF_UP);
	else
		rtnl_link_unset_flags(wanted, IFF_UP);
	if (entering->moves)
		rtnl_link_set_master(wanted, entering->bridge);
}

static int settle(struct nl_sock *sock, const struct entering *entering, struct err *err)
{
	const struct port_move *move = entering->move;
	int r = port_settle(sock, entering->index, entering->moves ? NULL : move->from, move->to,
			    err);

	if (r < 0 || !goes_up_later(entering))
		return r;
	r = rtnl_up(sock, entering->index);
	return r < 0 ? err_set(err, r, "set it up") : 0;
}

static int enter(struct nl_sock *sock, struct rtnl_link *link, const struct port_move *move,
		 struct err *err)
{
	cleanup_(port_close) struct port_place place = {.lock_fd = -EBADF};
	cleanup_(link_put) struct rtnl_link *wanted = rtnl_link_alloc();
	const bool lost = lost_its_bridge(move);
	int r = lost ? 0 : port_open(sock, move->to, &place, err);
	const struct entering entering = {
		.move = move,
		.index = rtnl_link_get_ifindex(link),
		.bridge = place.index,
		.moves = !lost && !stays_elsewhere(move) &&
			 rtnl_link_get_master(link) != place.index,
	};

	if (r < 0)
		return r;
	if (!wanted)
		return err_set(err, -ENOMEM, "describe %s", rtnl_link_get_name(link));
	describe(&entering, wanted);
	r = rtnl_errno(rtnl_link_change(sock, link, wanted, 0));
	if (r < 0)
		return err_set(err, r, "change %s", rtnl_link_get_name(link));
	return lost ? 0 : settle(sock, &entering, err);
}

int port_move(struct nl_sock *sock, struct rtnl_link *link, const struct port_move *move,
	      struct err *err)
{
	int r = enter(sock, link, move, err);

	return r < 0 || port_same_bridge(move->from, move->to) ? r
							       : port_leave(sock, move->from, err);
}
