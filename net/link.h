#pragma once

#include "lib/own.h"

#include <netlink/route/link.h>

struct err;

/* Interfaces as libnl has them. */

static inline void link_put(struct rtnl_link **link)
{
	rtnl_link_put(*link); /* passes over NULL */
}
DEFINE_CLEANUP(struct rtnl_link *, link_put);

/** link_find() - an interface by name. Return: 0, with *@link NULL when there is none. */
int link_find(struct nl_sock *sock, const char *name, struct rtnl_link **link, struct err *err);
