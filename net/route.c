#include "net/route.h"

#include "lib/err.h"
#include "net/address.h"
#include "net/link.h"
#include "net/rtnl.h"

#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void route_put(struct rtnl_route **route)
{
	rtnl_route_put(*route); /* passes over NULL */
}
DEFINE_CLEANUP(struct rtnl_route *, route_put);

static struct nl_addr *address_of(const struct sockaddr *to)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)to;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)to;

	return to->sa_family == AF_INET
		       ? nl_addr_build(AF_INET, &v4->sin_addr, sizeof(v4->sin_addr))
		       : nl_addr_build(AF_INET6, &v6->sin6_addr, sizeof(v6->sin6_addr));
}

/* Of other kinds it is what they are made on; a number without a namespace is one of this. */
static int peer_of(struct rtnl_link *link)
{
	const char *type = rtnl_link_get_type(link);
	int32_t netns_id;

	return type && strcmp(type, "veth") == 0 && rtnl_link_get_link_netnsid(link, &netns_id) == 0
		       ? rtnl_link_get_link(link)
		       : 0;
}

static int look_at_link(struct nl_sock *sock, int index, struct route *route, struct err *err)
{
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int r = rtnl_errno(rtnl_link_get_kernel(sock, index, NULL, &link));

	if (r < 0)
		return err_set(err, r, "look at the interface of a route");
	if (rtnl_link_get_name(link))
		(void)snprintf(route->name, sizeof(route->name), "%s", rtnl_link_get_name(link));
	if (rtnl_link_get_addr(link))
		(void)nl_addr2str(rtnl_link_get_addr(link), route->hwaddr, sizeof(route->hwaddr));
	route->is_loopback = rtnl_link_get_flags(link) & IFF_LOOPBACK;
	route->is_up = rtnl_link_get_flags(link) & IFF_UP;
	route->has_carrier = rtnl_link_get_carrier(link);
	route->index = index;
	route->peer = peer_of(link);
	return 0;
}

/* What it would rather not ask for: a gateway's or the neighbour's hardware address. */
static void look_for_neighbour(struct nl_sock *sock, int index, struct nl_addr *next,
			       struct route *route)
{
	const int valid =
		NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY;
	struct nl_cache *cache;
	struct rtnl_neigh *neighbour;

	rtnl_list_once(sock);
	if (rtnl_neigh_alloc_cache(sock, &cache) < 0)
		return;
	neighbour = rtnl_neigh_get(cache, index, next);
	route->knows_neighbour = neighbour && (rtnl_neigh_get_state(neighbour) & valid);
	if (neighbour)
		rtnl_neigh_put(neighbour);
	nl_cache_free(cache);
}

static int look_at_hop(struct nl_sock *sock, struct rtnl_route *found, struct nl_addr *to,
		       struct route *route, struct err *err)
{
	struct rtnl_nexthop *hop = rtnl_route_nexthop_n(found, 0);
	struct nl_addr *source = rtnl_route_get_pref_src(found), *gateway;
	int index, r;

	if (!hop)
		return 0;
	index = rtnl_route_nh_get_ifindex(hop);
	gateway = rtnl_route_nh_get_gateway(hop);
	r = look_at_link(sock, index, route, err);
	if (r < 0)
		return r;
	if (source && nl_addr_get_len(source) <= sizeof(route->source))
		memcpy(&route->source, nl_addr_get_binary_addr(source), nl_addr_get_len(source));
	if (gateway)
		(void)nl_addr2str(gateway, route->gateway, sizeof(route->gateway));
	look_for_neighbour(sock, index, gateway ? gateway : to, route);
	return 0;
}

int route_look(const struct sockaddr *to, struct route *route, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(addr_put) struct nl_addr *address = address_of(to);
	cleanup_(route_put) struct rtnl_route *found = NULL;
	int r = address ? rtnl_open(&sock, err) : err_set(err, -ENOMEM, "look for a route");

	*route = (struct route){};
	if (r < 0)
		return r;
	if (rtnl_route_lookup(sock, address, &found) < 0)
		return 0; /* why there is none, connect(2) says better */
	return look_at_hop(sock, found, address, route, err);
}
