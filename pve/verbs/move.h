#pragma once

#include <stdbool.h>

struct err;
struct etc;
struct pve_conf;

/** struct move_request - rootfs or mpN is to be on another storage */
struct move_request {
	const struct etc *etc;
	const char *key;
	const char *storage;
	const char *bwlimit; /* KiB/s, a number; NULL: what storage.cfg and datacenter.cfg say */
	bool delete;         /* else the old volume becomes unusedN */
	void (*warn)(void *data, const char *text);
	void *data;
};

/**
 * move_volume() - copy a volume to another storage and use that one from now on
 *
 * The copy is named in the config, as unusedN under `lock: disk`, before it is made, and takes
 * its place in one write: whatever ends this in between, both volumes are named, and the one in
 * use is whole.
 * Context: the config's lock is held, the container is not running.
 */
int move_volume(struct pve_conf *conf, const struct move_request *request, struct err *err);

/** struct reassign_request - a volume is to be another container's */
struct reassign_request {
	const struct etc *etc;
	const char *key;        /* mpN or unusedN     */
	const char *target_key; /* likewise           */
	void (*say)(void *data, const char *line);
	void *data;
};

/**
 * reassign_volume() - give a volume of @source to @target; it gets a name of the other's
 *
 * Both files are written here. @target has it as unusedN, whose key comes out in @unused, before
 * the source forgets it.
 * Context: both locks are held.
 */
int reassign_volume(struct pve_conf *source, struct pve_conf *target,
		    const struct reassign_request *request, const char **unused, struct err *err);
