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
	void (*warn)(void *data, const char *text);
	void *data;
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
 * Also while a container has it mounted. First the volume grows, then the config says so, then the
 * file system follows; where it can't, that is a warning: the volume has its size. The same size
 * once more does what is left to do, also after a crash.
 * Context: the config's lock is held.
 */
int resize_volume(struct pve_conf *conf, const struct resize_request *request, struct err *err);
