#include "pve/storage/type.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/*
 * Type dir: images as files, directories as themselves. No snapshots, no linked clones.
 */

static bool is_subvol(const struct storage *storage, uint64_t size)
{
	return size == 0;
}

static const char *path(struct arena *arena, const char *folder, const struct volume_name *name,
			const char *snapshot)
{
	return snapshot ? NULL : arena_printf(arena, "%s/%s", folder, name->file);
}

static const char *file(struct arena *arena, const char *entry)
{
	static const char *const formats[] = {".raw", ".subvol", ".qcow2", ".vmdk"};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (ends_with(entry, formats[i]))
			return arena_strdup(arena, entry);
	return NULL;
}

static int make(const struct volume *volume, uint64_t size, struct err *err)
{
	if (!volume->name.subvol)
		return image_make(volume->storage, volume->path, size, err);
	if (mkdir(volume->path, 0755) < 0)
		return err_set(err, -errno, "make volume %s", volume->path);
	return 0;
}

static int free_volume(const struct volume *volume, struct err *err)
{
	int r = 0;

	if (volume->name.is_base && !volume->name.subvol && access(volume->path, F_OK) == 0)
		r = image_protect(volume->path, false, err);
	if (r < 0)
		return r;
	r = remove_tree(AT_FDCWD, volume->path);
	return r < 0 ? err_set(err, r, "remove %s", volume->path) : 0;
}

static int size(const struct volume *volume, uint64_t *bytes, struct err *err)
{
	if (!volume->name.subvol)
		return image_size(volume->path, bytes, err);
	*bytes = 0;
	return 0;
}

static int resize(const struct volume *volume, uint64_t bytes, struct err *err)
{
	if (!volume->name.subvol)
		return image_resize(volume->storage, volume->path, bytes, err);
	err_plain(err, -EOPNOTSUPP, "can't resize this image format: %s is a plain directory",
		  volume->path);
	err_hint(err, "it takes what its storage has; only images and subvolumes with quotas have "
		      "a size");
	return -EOPNOTSUPP;
}

static int rename_volume(const struct volume *from, const struct volume *to, struct err *err)
{
	int r = storage_rename_path(from->path, to->path, err);

	if (r < 0 || !to->name.is_base || to->name.subvol)
		return r;
	return image_protect(to->path, true, err);
}

const struct storage_ops storage_dir_ops = {
	.is_subvol = is_subvol,
	.path = path,
	.file = file,
	.make = make,
	.free = free_volume,
	.size = size,
	.resize = resize,
	.rename = rename_volume,
	.features =
		{
			[VOLUME_TEMPLATE] = {VOLUME_CURRENT, VOLUME_CURRENT},
			[VOLUME_RENAME] = {VOLUME_CURRENT, VOLUME_CURRENT},
		},
};
