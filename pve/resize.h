#pragma once

#include <stdint.h>

struct err;
struct etc;
struct pve_conf;

/** struct resize_request - rootfs or mpN is to have another size */
struct resize_request {
	const struct etc *etc;
	const char *key;
	const char *size;   /* "12G", "+512M" */
	const char *digest; /* the config's; NULL: any */
};

/**
 * resize_target() - what @size asks for, with @now bytes there. Pure.
 * Return: 0; -EINVAL: it is no size, or a smaller one.
 */
int resize_target(const char *size, uint64_t now, uint64_t *target, struct err *err);

/**
 * resize_volume() - give a volume, and the file system on it, more room
 * @conf: has the new size afterwards, and so has the file
 *
 * Also while a container has it mounted. The config is written last: after a crash the same call
 * does what is left to do.
 * Context: the config's lock is held.
 */
int resize_volume(struct pve_conf *conf, const struct resize_request *request, struct err *err);
