#pragma once

#include "lib/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct etc;
struct storage_type;

/*
 * Storages (storage.cfg) and their volumes ("local:100/vm-100-disk-0.raw"). What a type can do is
 * in its table of functions (type.h); volumes of types without one that have a path are found, not
 * made.
 */

/** struct storage - a section; NULL: the key isn't there */
struct storage {
	const char *name;
	const char *type_name;           /* "dir"                               */
	const struct storage_type *type; /* NULL: one that we have no row for   */
	const char *path;                /* of the folder that has everything   */
	const char *content;             /* "rootdir,images"                    */
	const char *content_dirs;        /* "images=disks,vztmpl=templates"     */
	const char *nodes;               /* "pve1,pve2"                         */
	const char *is_mountpoint;       /* a boolean, or the path that must be */
	const char *preallocation;       /* "off", "metadata", "falloc", "full" */
	const char *bwlimit;             /* "default=5120,clone=0": KiB/s       */
	/* Booleans as they are written, "" for one without a value: */
	const char *disable, *mkdir, *create_base_path, *create_subdirs, *quotas, *nocow;
	struct storage *next;
};

struct storages {
	struct storage *first;   /* in the order of the file                             */
	const char *node;        /* the name of this host                                */
	const char *lock_folder; /* where the locks of storages are; NULL: Proxmox's     */
};

/** struct volume_name - the parts of "local:100/vm-100-disk-0.raw" */
struct volume_name {
	const char *storage; /* "local"              */
	const char *base;    /* "100/base-100-disk-0.raw" of a linked clone; NULL: it is none */
	const char *owner;   /* "100"                */
	const char *file;    /* "vm-100-disk-0.raw"  */
	bool subvol;         /* a directory, no image */
	bool is_base;        /* what clones are made of: nobody writes there */
};

/** struct volume_request - a volume to be made */
struct volume_request {
	const char *storage;
	const char *id; /* of the container */
	uint64_t size;  /* bytes; 0: a directory without a limit */
	uid_t uid;      /* of its top directory, on the host */
	gid_t gid;
};

enum volume_feature {
	VOLUME_SNAPSHOT,
	VOLUME_CLONE, /* linked: shares its data with what it is made of */
	VOLUME_TEMPLATE,
	VOLUME_RENAME, /* to another container */
};

/* ------------------------------------------------------------------------------- storage.cfg */

/**
 * storage_parse() - read the text of a storage.cfg
 * @vz: where `local` is when the text doesn't say
 * Return: 0; -EINVAL with the line for what is no section, property, comment or blank line.
 */
int storage_parse(struct arena *arena, const char *text, const char *vz, struct storages *storages,
		  struct err *err);

/**
 * storage_read() - storage.cfg of an etc folder; without one there is only `local`
 *
 * `local` is /var/lib/vz, or $PCTRUN_VZ, unless the file has it elsewhere.
 */
int storage_read(struct arena *arena, const struct etc *etc, struct storages *storages,
		 struct err *err);

/* ---------------------------------------------------------------------------------- storages */

/**
 * storage_find() - a usable storage
 * Return: 0; -ENOENT; -EPERM: disabled, or another node's; -ENODEV: what has to be mounted there
 * is not.
 */
int storage_find(const struct storages *storages, const char *name, const struct storage **storage,
		 struct err *err);

/** storage_allows() - does @storage take @content ("rootdir", "vztmpl")? */
bool storage_allows(const struct storage *storage, const char *content);

/** storage_check_content() - may the storage of @volume hold @content ("rootdir")? 0 or -EINVAL. */
int storage_check_content(const struct storages *storages, const char *volume, const char *content,
			  struct err *err);

/* ------------------------------------------------------------------------------ volume names */

/** volume_parse() - take a container's volume id apart, in @arena. Return: 0; -EINVAL. */
int volume_parse(struct arena *arena, const char *volume, struct volume_name *name,
		 struct err *err);

/**
 * storage_path() - where a volume is on the host: also templates ("local:vztmpl/x.tar.zst")
 * @path: in @arena; nobody has looked whether it is there
 */
int storage_path(struct arena *arena, const struct storages *storages, const char *volume,
		 const char **path, struct err *err);

/** storage_snapshot_path() - the same for a volume as it was at a snapshot. */
int storage_snapshot_path(struct arena *arena, const struct storages *storages, const char *volume,
			  const char *snapshot, const char **path, struct err *err);

/** storage_resolve() - storage_path() in the form that struct pve_facts_request takes; volumes
 * only of storages that are for containers. */
int storage_resolve(void *storages, struct arena *arena, const char *volume, const char **path,
		    struct err *err);

/** storage_list() - all disks of container @id on all usable storages, in @arena; NULL at the end.
 */
const char **storage_list(struct arena *arena, const struct storages *storages, const char *id);

/* --------------------------------------------------------------------------- making, removing
 *
 * What changes which volumes there are waits for other programs that do so on the same storage: its
 * lock is Proxmox's. */

/**
 * storage_name() - a volume id for what @request asks for that nothing has yet, in @arena
 *
 * Nothing is made: the caller first notes the name where a later process finds it.
 * Return: 0; -EINVAL when the storage is not for containers, -ENOSPC when all numbers are taken.
 */
int storage_name(struct arena *arena, const struct storages *storages,
		 const struct volume_request *request, const char **volume, struct err *err);

/**
 * storage_make() - make the volume that storage_name() named
 *
 * A directory, or an image with an ext4 in it. Nothing is left behind on failure.
 * Return: 0; -EEXIST when there is one of that name by now.
 */
int storage_make(struct arena *arena, const struct storages *storages,
		 const struct volume_request *request, const char *volume, struct err *err);

/** storage_free() - remove a volume and what is in it; one that is not there is fine. */
int storage_free(const struct storages *storages, const char *volume, struct err *err);

/* ----------------------------------------------------------------------- what is there already */

/** storage_size() - its size in bytes; 0: a directory without a limit. */
int storage_size(const struct storages *storages, const char *volume, uint64_t *size,
		 struct err *err);

/**
 * storage_resize() - more room for a volume: the image, not the file system in it; a quota
 * Return: 0; -EOPNOTSUPP for what has no size.
 */
int storage_resize(const struct storages *storages, const char *volume, uint64_t size,
		   struct err *err);

/** storage_can() - has the storage @feature for @volume, or for its @snapshot (or NULL)? */
bool storage_can(const struct storages *storages, const char *volume, enum volume_feature feature,
		 const char *snapshot);

/* What storage_can() has said yes to. Each may be repeated where it was killed. */

int storage_snapshot(const struct storages *storages, const char *volume, const char *snapshot,
		     struct err *err);
int storage_snapshot_delete(const struct storages *storages, const char *volume,
			    const char *snapshot, struct err *err);
int storage_rollback(const struct storages *storages, const char *volume, const char *snapshot,
		     struct err *err);

/** storage_clone() - a linked clone. @to: by storage_name_like() */
int storage_clone(const struct storages *storages, const char *volume, const char *snapshot,
		  const char *to, struct err *err);

/** storage_name_like() - a free name for container @id on the storage and of the kind of @volume */
int storage_name_like(struct arena *arena, const struct storages *storages, const char *volume,
		      const char *id, const char **name, struct err *err);

/** storage_name_base() - the name that @volume has as a base image */
int storage_name_base(struct arena *arena, const struct storages *storages, const char *volume,
		      const char **name, struct err *err);

/** storage_rename() - give a volume the other name; to that of a base image: make it one. */
int storage_rename(const struct storages *storages, const char *volume, const char *to,
		   struct err *err);
