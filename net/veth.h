#pragma once

#include "net/link.h"
#include "net/net.h"

/* The host's end of a veth, for those who make, change and remove it. */

/**
 * veth_find() - our own end, which has this name and address. "42:24:11:00:00:01"
 * Return: 0, with *@link NULL when there is none, or somebody else's of the same name.
 */
int veth_find(struct nl_sock *sock, const char *host, const char *hwaddr, struct rtnl_link **link,
	      struct err *err);

/** veth_remove() - remove our own end, and the container's with it; one that is gone is fine. */
int veth_remove(const char *host, const char *hwaddr, struct err *err);
