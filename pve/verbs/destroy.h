#pragma once

#include "pve/etc/etc.h"

struct err;

struct destroy_request {
	const struct etc *etc;
	const char *id;
	const struct lock *holder; /* of the config's lock; NULL: it is taken here           */
	bool unreferenced;         /* also disks of the container that its config doesn't name */
	void (*warn)(void *data, const char *text); /* or NULL */
	void *data;
};

/** destroy_allowed() - neither protected nor locked? 0; -EPERM, -EBUSY. */
int destroy_allowed(const struct pve_conf *conf, struct err *err);

/**
 * destroy_container() - remove a container's volumes, its firewall rules, then its config
 *
 * Volumes of other containers are left alone, with a warning. The first volume that can't be
 * removed ends it; the config is there still. Killed in between, it can be called again.
 * Context: the container is not running.
 * Return: 0; -EPERM when protected; -EBUSY when the config has a lock.
 */
int destroy_container(const struct destroy_request *request, struct err *err);
