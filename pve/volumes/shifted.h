#pragma once

struct err;
struct idmap;

/**
 * shifted_namespace() - a user namespace with @map and no process in it
 *
 * To enter (shifted_run() does), or for mount_setattr(2), which shows a mount through its map.
 * Return: a descriptor, or a negative errno.
 */
int shifted_namespace(const struct idmap *map, struct err *err);

/**
 * shifted_run() - let a child process do one thing with the container's ids
 * @map: the container's; NULL: the host's ids
 * @work: runs in the child as the map's root, in user and mount namespaces of its own
 *
 * Return: what @work returned, as worker_run().
 */
int shifted_run(const struct idmap *map, int (*work)(void *data, struct err *err), void *data,
		struct err *err);
