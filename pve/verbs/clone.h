#pragma once

#include <stdbool.h>

struct err;
struct etc;
struct pve_conf;

/** struct clone_request - another container like one that is there; NULL: not given */
struct clone_request {
	const struct etc *etc;
	const char *new_id;
	const char *snapshot; /* of which the clone is made; else of the present */
	const char *storage;  /* for a full clone's volumes; else each on its own */
	const char *hostname, *description;
	const char *target;  /* the node that it is for */
	const char *bwlimit; /* KiB/s, a number; NULL: what storage.cfg and datacenter.cfg say */
	bool full;           /* copies; else volumes that share their data with the source's */
	void (*say)(void *data, const char *line);
	void (*warn)(void *data, const char *line);
	void *data;
};

/**
 * clone_container() - make it
 * @source: its lock is held, also while this works; `lock: disk` says so in the file
 *
 * The new config has `lock: create` until all is there, and names each volume before it is made:
 * what a crash leaves goes with `pct unlock` and `pct destroy`.
 * Return: 0; on failure nothing is left of the clone.
 */
int clone_container(struct pve_conf *source, const struct clone_request *request, struct err *err);
