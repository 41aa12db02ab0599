#pragma once

#include "pve/conf.h"

#include <stdint.h>

struct err;
struct idmap;

struct create_root {
	const char *archive;     /* path of the template                           */
	const char *volume;      /* path of the directory or image to fill         */
	const struct idmap *map; /* ids that files get on the host; NULL: as they are */
	struct pve_conf *conf;   /* gets ostype and arch where it has none         */
	const char *password;    /* NULL: none                                     */
	const char *keys;        /* NULL: none                                     */
	void (*progress)(void *data, uint64_t done, uint64_t total);
	void *data;
};

/**
 * create_root_fill() - extract the template into a volume and set the guest up
 *
 * In a mount namespace of its own: an image that it mounts is unmounted however it ends.
 */
int create_root_fill(const struct create_root *root, struct err *err);
