#pragma once

#include "lib/own.h"

#include <netlink/netlink.h>

struct err;

/*
 * One NETLINK_ROUTE socket by libnl, in the network namespace of the caller or of a descriptor,
 * with errno values in place of libnl's own numbers. It hears the kernel alone, not those who can
 * send to it in a container's namespace. What goes over it is the subjects' business.
 */

static inline void rtnl_close(struct nl_sock **sock)
{
	nl_socket_free(*sock); /* passes over NULL */
}
DEFINE_CLEANUP(struct nl_sock *, rtnl_close);

/** rtnl_open() - a socket in our network namespace. Return: 0 or a negative errno. */
int rtnl_open(struct nl_sock **sock, struct err *err);

/**
 * rtnl_open_in() - a socket in another network namespace; the caller stays where it is
 * @netns_fd: /proc/PID/ns/net; borrowed
 * Return: 0; -EPERM without CAP_SYS_ADMIN over that namespace.
 */
int rtnl_open_in(int netns_fd, struct nl_sock **sock, struct err *err);

/** rtnl_errno() - a return of libnl as a negative errno; 0 and positive ones stay. */
int rtnl_errno(int r);

/** rtnl_up() - set the interface @index up. Return: 0 or a negative errno. */
int rtnl_up(struct nl_sock *sock, int index);

/** rtnl_expect_more() - before links are listed: one with many virtual functions is a long answer.
 */
void rtnl_expect_more(struct nl_sock *sock);

/** rtnl_list_once() - before lists of a namespace that is somebody else's: they are taken as they
 * come. libnl begins anew where one changes meanwhile, and so for as long as somebody changes it.
 */
void rtnl_list_once(struct nl_sock *sock);
