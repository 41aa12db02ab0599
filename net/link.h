#pragma once

#include "lib/own.h"
#include "net/hwaddr.h"

#include <netlink/route/link.h>
#include <stdbool.h>
#include <stdint.h>

struct err;

/* Interfaces as libnl has them. */

static inline void link_put(struct rtnl_link **link)
{
	rtnl_link_put(*link); /* passes over NULL */
}
DEFINE_CLEANUP(struct rtnl_link *, link_put);

/** link_find() - an interface by name. Return: 0, with *@link NULL when there is none. */
int link_find(struct nl_sock *sock, const char *name, struct rtnl_link **link, struct err *err);

/** link_has_type() - "veth", "bridge", "vlan"; physical ones have none. */
bool link_has_type(struct rtnl_link *link, const char *type);

/** link_is() - of this type, and with this hardware address. "fe:24:11:00:00:01" */
bool link_is(struct rtnl_link *link, const char *type, const char *hwaddr);

/** link_find_ours() - the one of this name, if it is that.
 * Return: 0, with *@link NULL when there is none, or somebody else's of the same name. */
int link_find_ours(struct nl_sock *sock, const char *type, const char *name, const char *hwaddr,
		   struct rtnl_link **link, struct err *err);

/** link_fill() - what a new one has: a name, an address, an MTU (0: the kernel's). 0 or -ENOMEM */
int link_fill(struct rtnl_link *link, const char *name, const uint8_t hwaddr[HWADDR_BYTES],
	      uint32_t mtu);

/** link_without_ipv6() - no address, no router advertisement; before it is set up. */
void link_without_ipv6(const char *name);

/** link_has_ipv6() - whether the host may have an IPv6 address there. */
bool link_has_ipv6(const char *name);
