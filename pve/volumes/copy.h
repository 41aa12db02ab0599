#pragma once

struct err;
struct pve_conf;
struct pve_mount;
struct pve_section;
struct storages;
struct volume_request;

/*
 * A volume that holds what another one holds.
 */

/**
 * volume_like() - what to ask a storage for, to have another volume like that of @mount
 * @conf: with @section, whose id map says who its root is
 * @request: its storage and id are the caller's; size and owner are written
 */
int volume_like(struct pve_conf *conf, const struct pve_section *section,
		const struct storages *storages, const struct pve_mount *mount,
		struct volume_request *request, struct err *err);

/** struct volume_copy - all files of one volume into another, an empty one */
struct volume_copy {
	const struct storages *storages;
	const char *from, *to; /* volume ids                                    */
	const char *snapshot;  /* of @from; NULL: as it is now                  */
	double bwlimit;        /* KiB/s; 0: as fast as it goes                  */
};

/**
 * volume_copy() - by rsync(1), with ids, links, holes, attributes and ACLs
 *
 * Both are mounted where only the child that copies sees them; nothing is written to @from.
 * rsync's own lines go to stdout.
 */
int volume_copy(const struct volume_copy *copy, struct err *err);
