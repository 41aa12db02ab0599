#pragma once

struct err;

/**
 * netns_do() - call @what in another network namespace; the caller stays where it is
 * @netns_fd: /proc/PID/ns/net; borrowed
 *
 * Return: what @what returns, or a negative errno: -EPERM without CAP_SYS_ADMIN over that
 * namespace.
 */
int netns_do(int netns_fd, int (*what)(void *data, struct err *err), void *data, struct err *err);
