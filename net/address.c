#include "net/address.h"

#include "net/rtnl.h"

#include <linux/rtnetlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/route.h>
#include <string.h>

struct nl_addr *address_read(const char *text)
{
	struct nl_addr *addr = NULL;

	(void)nl_addr_parse(text, strchr(text, ':') ? AF_INET6 : AF_INET, &addr);
	return addr;
}

static struct rtnl_addr *new_address(int index, const char *cidr)
{
	cleanup_(addr_put) struct nl_addr *local = address_read(cidr);
	struct rtnl_addr *address = local ? rtnl_addr_alloc() : NULL;

	if (address) {
		rtnl_addr_set_ifindex(address, index);
		rtnl_addr_set_local(address, local);
	}
	return address;
}

int address_add(struct nl_sock *sock, int index, const char *cidr)
{
	struct rtnl_addr *address = new_address(index, cidr);
	int r = address ? rtnl_errno(rtnl_addr_add(sock, address, 0)) : -ENOMEM;

	rtnl_addr_put(address); /* passes over NULL */
	return r;
}

int address_delete(struct nl_sock *sock, int index, const char *cidr)
{
	struct rtnl_addr *address = new_address(index, cidr);
	int r = address ? rtnl_errno(rtnl_addr_delete(sock, address, 0)) : -ENOMEM;

	rtnl_addr_put(address);
	return r;
}

/* Onlink: the gateway answers on this interface, also when no address of ours has it in its
 * subnet. */
static struct rtnl_nexthop *new_nexthop(int index, struct nl_addr *gateway)
{
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();

	if (hop) {
		rtnl_route_nh_set_ifindex(hop, index);
		rtnl_route_nh_set_gateway(hop, gateway);
		rtnl_route_nh_set_flags(hop, RTNH_F_ONLINK);
	}
	return hop;
}

static struct rtnl_route *new_default_route(int index, const char *text)
{
	cleanup_(addr_put) struct nl_addr *gateway = address_read(text);
	cleanup_(addr_put) struct nl_addr *anywhere =
		address_read(strchr(text, ':') ? "::/0" : "0.0.0.0/0");
	struct rtnl_nexthop *hop = gateway && anywhere ? new_nexthop(index, gateway) : NULL;
	struct rtnl_route *route = hop ? rtnl_route_alloc() : NULL;

	if (!route) {
		if (hop)
			rtnl_route_nh_free(hop);
		return NULL;
	}
	(void)rtnl_route_set_family(route, (uint8_t)nl_addr_get_family(gateway));
	(void)rtnl_route_set_dst(route, anywhere);
	rtnl_route_add_nexthop(route, hop); /* the route's from here on */
	return route;
}

static int add_route(struct nl_sock *sock, int index, const char *gateway, int flags)
{
	struct rtnl_route *route = new_default_route(index, gateway);
	int r = route ? rtnl_errno(rtnl_route_add(sock, route, flags)) : -ENOMEM;

	rtnl_route_put(route); /* passes over NULL */
	return r;
}

int route_add_default(struct nl_sock *sock, int index, const char *gateway)
{
	return add_route(sock, index, gateway, NLM_F_CREATE | NLM_F_EXCL);
}

int route_replace_default(struct nl_sock *sock, int index, const char *gateway)
{
	return add_route(sock, index, gateway, NLM_F_CREATE | NLM_F_REPLACE);
}

int route_delete_default(struct nl_sock *sock, int index, const char *gateway)
{
	struct rtnl_route *route = new_default_route(index, gateway);
	int r = route ? rtnl_errno(rtnl_route_delete(sock, route, 0)) : -ENOMEM;

	rtnl_route_put(route);
	return r;
}
