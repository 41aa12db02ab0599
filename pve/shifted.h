#pragma once

struct err;
struct idmap;

/**
 * shifted_run() - let a child process do one thing with the container's ids
 * @map: the container's; NULL: the host's ids
 * @work: runs in the child as the map's root, in user and mount namespaces of its own
 *
 * Return: what @work returned, as worker_run().
 */
int shifted_run(const struct idmap *map, int (*work)(void *data, struct err *err), void *data,
		struct err *err);
