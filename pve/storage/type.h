#pragma once

#include "pve/storage/storage.h"

/*
 * What a type of storage is: a row of functions. Those of them that the type can't do are NULL.
 */

/** struct volume - one that storage.c has looked up */
struct volume {
	const struct storage *storage;
	struct volume_name name;
	const char *folder; /* that has it: PATH/images/100   */
	const char *path;   /* what a container mounts        */
};

/* What a volume is, for the table of features: bits. */
enum volume_state {
	VOLUME_CURRENT = 1 << 0,
	VOLUME_BASE = 1 << 1,
	VOLUME_SNAPPED = 1 << 2, /* a snapshot of it */
};

struct storage_ops {
	/* Whether a volume of that size is a directory there. */
	bool (*is_subvol)(const struct storage *storage, uint64_t size);
	/* The path of a volume below @folder, in @arena. @snapshot: NULL: as it is now */
	const char *(*path)(struct arena *arena, const char *folder, const struct volume_name *name,
			    const char *snapshot);
	/* The file part of the volume id of an entry of the folder, in @arena; NULL: it is none. */
	const char *(*file)(struct arena *arena, const char *entry);

	/* Empty; what is there already is never written to (-EEXIST). */
	int (*make)(const struct volume *volume, uint64_t size, struct err *err);
	int (*free)(const struct volume *volume, struct err *err);
	int (*size)(const struct volume *volume, uint64_t *size, struct err *err);
	int (*resize)(const struct volume *volume, uint64_t size, struct err *err);
	int (*rename)(const struct volume *from, const struct volume *to, struct err *err);
	int (*snapshot)(const struct volume *volume, const char *name, struct err *err);
	int (*snapshot_delete)(const struct volume *volume, const char *name, struct err *err);
	int (*rollback)(const struct volume *volume, const char *name, struct err *err);
	int (*clone)(const struct volume *from, const char *snapshot, const struct volume *to,
		     struct err *err);

	/* Of images and of directories: in which states it can be done, enum volume_state. */
	struct {
		uint8_t image, subvol;
	} features[VOLUME_RENAME + 1];
};

struct storage_type {
	const char *name;
	const char *content;           /* what they take unasked                          */
	const struct storage_ops *ops; /* NULL: volumes there are not made or removed     */
	bool network;                  /* somebody has to have mounted it                 */
};

/** storage_type_find() - Return: NULL: a type that we know nothing of. */
const struct storage_type *storage_type_find(const char *name);

extern const struct storage_ops storage_dir_ops, storage_btrfs_ops;

/**
 * volume_is_plain() - is it one file's name: no way elsewhere, also without its suffix?
 *
 * None that begins with a dot is: what "...raw" is of on btrfs would be "..".
 */
bool volume_is_plain(const char *name);

/** volume_find() - look up a container's volume id on a storage that is usable; in @arena. */
int volume_find(struct arena *arena, const struct storages *storages, const char *id,
		struct volume *volume, struct err *err);

static inline const struct storage_ops *volume_ops(const struct volume *volume)
{
	return volume->storage->type->ops;
}

/** storage_flag() - a boolean of a section, @otherwise when it isn't there. */
bool storage_flag(const char *value, bool otherwise);

/** storage_folder() - PATH/FOLDER of the kind of content: "images", "vztmpl"; in @arena. */
const char *storage_folder(struct arena *arena, const struct storage *storage, const char *content);

/** storage_free_number() - the lowest disk number that no volume of @id in @folder has, in any
 * form. Return: -ENOSPC: none is left. */
int storage_free_number(const char *folder, const char *id);

/** storage_disks() - the file parts of @id's volumes in @folder. Return: their number. */
size_t storage_disks(struct arena *arena, const struct storage_ops *ops, const char *folder,
		     const char *id, const char ***files);

/**
 * storage_rename_path() - rename what a volume is; nothing that has the new name is lost
 * Return: 0, also where one who was killed has done it already.
 */
int storage_rename_path(const char *from, const char *to, struct err *err);

/* Image files, in the folders of several types (image.c). */
int image_make(const struct storage *storage, const char *path, uint64_t size, struct err *err);
int image_size(const char *path, uint64_t *size, struct err *err);
int image_resize(const struct storage *storage, const char *path, uint64_t size, struct err *err);
/** image_protect() - no write, by nobody (a base image), or as before. */
int image_protect(const char *path, bool protect, struct err *err);
