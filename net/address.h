#pragma once

#include "lib/own.h"

#include <netlink/addr.h>

struct err;
struct nl_sock;

static inline void addr_put(struct nl_addr **addr)
{
	nl_addr_put(*addr); /* passes over NULL */
}
DEFINE_CLEANUP(struct nl_addr *, addr_put);

/* Addresses and default routes of interfaces. Texts have been proved to be what they should be. */

/** address_read() - "10.0.0.2/24", "::/0", "fe80::1" for libnl. Return: NULL out of memory. */
struct nl_addr *address_read(const char *text);

/** address_add() / address_delete() - "10.0.0.2/24" of the interface @index. 0 or a negative errno
 */
int address_add(struct nl_sock *sock, int index, const char *cidr);
int address_delete(struct nl_sock *sock, int index, const char *cidr);

/** route_add_default() - by @gateway, which answers on the interface whatever its subnet is.
 * Return: 0; -EEXIST: there is one. */
int route_add_default(struct nl_sock *sock, int index, const char *gateway);

/** route_replace_default() - the same in place of one that is there. */
int route_replace_default(struct nl_sock *sock, int index, const char *gateway);

/** route_delete_default() - Return: 0; -ESRCH: there is none. */
int route_delete_default(struct nl_sock *sock, int index, const char *gateway);

/** struct address_change - one family of an interface of a running container; NULL: none */
struct address_change {
	const char *name; /* in the container */
	const char *from, *to;
	const char *from_gateway, *to_gateway;
};

/**
 * address_change() - give an interface another address and gateway, and set it up
 * @netns_fd: the container's network namespace; borrowed
 *
 * What doesn't differ stays untouched. On failure all is as before.
 * Return: 0; -ENODEV when the container has no such interface (any more).
 */
int address_change(int netns_fd, const struct address_change *change, struct err *err);

/** address_drop_leases() - take away what an interface has for some time only, and routes from
 * there
 * @name: there may be none (any more)
 * @family: AF_INET or AF_INET6 */
int address_drop_leases(int netns_fd, const char *name, int family, struct err *err);
