#pragma once

struct err;

/**
 * neighbours_forget() - no interface of the host knows who had this hardware address any more
 * @hwaddr: of a container's end that is gone: "bc:24:11:00:00:01"
 *
 * The kernel keeps what it has learned at a bridge, or at a VLAN device on one, longer than its
 * port. What somebody has set for good (ip neigh add) stays. Return: 0 or a negative errno.
 */
int neighbours_forget(const char *hwaddr, struct err *err);
