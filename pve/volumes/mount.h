#pragma once

#include <stdbool.h>

struct err;

/** struct volume_mount - what of a volume is to be mounted, and how */
struct volume_mount {
	const char *path; /* a directory, an image or a block device */
	bool readonly;    /* nobody writes through this mount             */
	bool frozen; /* nor does the file system, not even its journal: a base image, a snapshot */
};

/**
 * volume_mount() - a volume as a detached mount, without a place in the host's tree
 *
 * An image that is mounted already, by a running container, is the same file system once more: a
 * second loop device would be a second writer. All of it goes with the last user.
 * Return: a descriptor of the mount, for sys_move_mount() or to be opened from.
 */
int volume_mount(const struct volume_mount *mount, struct err *err);
