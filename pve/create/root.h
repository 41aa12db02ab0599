#pragma once

#include "pve/conf/conf.h"

struct create_request;
struct err;
struct idmap;
struct new_volume;

struct create_root {
	const struct create_request *request;
	const char *archive;              /* path of the template                           */
	const char *place;                /* a folder that nobody needs while we mount on it */
	const struct new_volume *volumes; /* rootfs first                                   */
	const struct idmap *map;          /* the container's; NULL: the host's ids          */
	double bwlimit;                   /* KiB/s of the template; 0: as fast as it goes   */
	struct pve_conf *conf;            /* gets ostype, and arch where it has none        */
};

/**
 * create_root_fill() - extract the template into the volumes and set the guest up
 *
 * In a mount namespace of its own: what it mounts goes away however it ends, also by SIGKILL.
 */
int create_root_fill(const struct create_root *root, struct err *err);
