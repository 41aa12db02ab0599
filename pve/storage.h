#pragma once

#include "lib/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/*
 * Storages (storage.cfg) and their volumes ("local:100/vm-100-disk-0.raw"). Type dir can do all of
 * it; volumes of the other types that have a path by now are found, not made.
 */

struct storage {
	const char *name;
	const char *type;    /* "dir"                              */
	const char *path;    /* NULL: the type has none            */
	const char *content; /* "rootdir,images"; NULL: of the type */
	bool disabled;
	struct storage *next;
};

struct storages {
	struct storage *first; /* in the order of the file */
};

/** struct volume_name - the parts of "local:100/vm-100-disk-0.raw" */
struct volume_name {
	const char *storage; /* "local"              */
	const char *owner;   /* "100"                */
	const char *file;    /* "vm-100-disk-0.raw"  */
	bool subvol;         /* a directory, no image */
};

/** struct volume_request - a volume to be made */
struct volume_request {
	const char *storage;
	const char *id; /* of the container */
	uint64_t size;  /* bytes; 0: a directory without a limit */
	uid_t uid;      /* of its top directory, on the host */
	gid_t gid;
};

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
int storage_read(struct arena *arena, const char *etc_folder, struct storages *storages,
		 struct err *err);

/** storage_find() - a usable storage. Return: 0; -ENOENT, -EPERM (disabled). */
int storage_find(const struct storages *storages, const char *name, const struct storage **storage,
		 struct err *err);

/** storage_allows() - does @storage take @content ("rootdir", "vztmpl")? */
bool storage_allows(const struct storage *storage, const char *content);

/** volume_parse() - take a container's volume id apart, in @arena. Return: 0; -EINVAL. */
int volume_parse(struct arena *arena, const char *volume, struct volume_name *name,
		 struct err *err);

/**
 * storage_path() - where a volume is on the host: also templates ("local:vztmpl/x.tar.zst")
 * @path: in @arena; nobody has looked whether it is there
 */
int storage_path(struct arena *arena, const struct storages *storages, const char *volume,
		 const char **path, struct err *err);

/** storage_resolve() - the same in the form that struct pve_facts_request takes; volumes only of
 * storages that are for containers. */
int storage_resolve(void *storages, struct arena *arena, const char *volume, const char **path,
		    struct err *err);

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
 * @size 0 makes a directory, else a sparse image with an ext4 in it. Nothing is left behind on
 * failure.
 * Return: 0; -EEXIST when there is one of that name by now.
 */
int storage_make(struct arena *arena, const struct storages *storages,
		 const struct volume_request *request, const char *volume, struct err *err);

/** storage_check_content() - may the storage of @volume hold @content ("rootdir")? 0 or -EINVAL. */
int storage_check_content(const struct storages *storages, const char *volume, const char *content,
			  struct err *err);

/** storage_list() - all disks of container @id on all usable storages, in @arena; NULL at the end.
 */
const char **storage_list(struct arena *arena, const struct storages *storages, const char *id);

/** storage_free() - remove a volume and what is in it; one that is not there is fine. */
int storage_free(const struct storages *storages, const char *volume, struct err *err);

/* Storages of type dir (storage_dir.c). */
int storage_dir_name(struct arena *arena, const struct storage *storage,
		     const struct volume_request *request, const char **volume, struct err *err);
int storage_dir_make(struct arena *arena, const struct storage *storage,
		     const struct volume_request *request, const struct volume_name *name,
		     struct err *err);
int storage_dir_free(const struct storage *storage, const struct volume_name *name,
		     struct err *err);
/** storage_dir_list() - their number; their ids with a NULL at the end. */
int storage_dir_list(struct arena *arena, const struct storage *storage, const char *id,
		     const char ***volumes);
