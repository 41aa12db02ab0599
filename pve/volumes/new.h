#pragma once

#include "pve/conf/property.h"
#include "pve/storage/storage.h"

struct err;
struct idmap;

/* What a config's rootfs and mpN name: a volume that is there, or one that is to be made. */

/** struct new_volume - rootfs, or an mpN that is a storage's volume */
struct new_volume {
	const char *key;             /* "rootfs", "mp0" */
	const char *storage;         /* where it is to be made; NULL: it is there already */
	uint64_t size;               /* bytes; 0: a directory */
	struct pve_mount mount;      /* the option; its volume is the id once it is chosen */
	const char *path;            /* on the host */
	const struct idmap *idmap;   /* ids on it to ids of the host; NULL: they are the host's */
	uint32_t root_uid, root_gid; /* ids on it that are the container's root */
	struct new_volume *next;
};

/**
 * new_volume_asked() - does the option ask for one: "local:8", in GiB? Then where, how big.
 * @otherwise: the storage of a mere "8"; NULL: that is none
 */
bool new_volume_asked(struct arena *arena, const char *otherwise, struct new_volume *volume);

/**
 * new_volume_find() - one that is there already: its path
 * @owner: the container that it has to be of; NULL: any
 */
int new_volume_find(struct arena *arena, const struct storages *storages, const char *owner,
		    struct new_volume *volume, struct err *err);

/** new_volume_map() - whose ids its files have; @container: the container's map, or an empty one */
int new_volume_map(struct arena *arena, const struct idmap *container, struct new_volume *volume,
		   struct err *err);

/** new_volume_request() - what container @id asks its storage for. */
struct volume_request new_volume_request(const struct new_volume *volume, const char *id);
