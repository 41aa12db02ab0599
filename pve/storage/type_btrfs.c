#include "pve/storage/type.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/storage/btrfs.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/*
 * Type btrfs: each volume is a subvolume, an image the file disk.raw in one. A snapshot is a
 * read-only subvolume beside it: vm-100-disk-0@NAME.
 */

#define IMAGE "/disk.raw"

static bool is_subvol(const struct storage *storage, uint64_t size)
{
	return size == 0 || storage_flag(storage->quotas, false);
}

/* The subvolume of a volume, or of its snapshot: of "x.raw" it is "x". */
static const char *top(struct arena *arena, const char *folder, const struct volume_name *name,
		       const char *snapshot)
{
	size_t length = strlen(name->file);

	if (ends_with(name->file, ".raw"))
		length -= strlen(".raw");
	return arena_printf(arena, "%s/%.*s%s%s", folder, (int)length, name->file,
			    snapshot ? "@" : "", snapshot ? snapshot : "");
}

static const char *top_of(struct arena *arena, const struct volume *volume, const char *snapshot)
{
	return top(arena, volume->folder, &volume->name, snapshot);
}

static const char *path(struct arena *arena, const char *folder, const struct volume_name *name,
			const char *snapshot)
{
	return arena_printf(arena, "%s%s", top(arena, folder, name, snapshot),
			    name->subvol ? "" : IMAGE);
}

static const char *file(struct arena *arena, const char *entry)
{
	if (strchr(entry, '@'))
		return NULL;
	if (strchr(entry, '.'))
		return ends_with(entry, ".subvol") ? arena_strdup(arena, entry) : NULL;
	return arena_printf(arena, "%s.raw", entry);
}

/* ------------------------------------------------------------------------------ making, freeing */

/* Before there is data: the flag is for blocks to come. */
static int set_nocow(const struct storage *storage, const char *folder, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int flags;

	if (!storage_flag(storage->nocow, false))
		return 0;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return err_set(err, -errno, "look at %s", folder);
	flags |= FS_NOCOW_FL;
	if (ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0)
		return err_set(err, -errno, "write without copies in %s", folder);
	return 0;
}

static int fill(const struct volume *volume, const char *subvolume, uint64_t size, struct err *err)
{
	int r;

	if (volume->name.subvol)
		return size > 0 ? btrfs_limit_set(subvolume, size, err) : 0;
	r = set_nocow(volume->storage, subvolume, err);
	return r < 0 ? r : image_make(volume->storage, volume->path, size, err);
}

static int make(const struct volume *volume, uint64_t size, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *subvolume = top_of(&arena, volume, NULL);
	int r = btrfs_make(subvolume, err);

	if (r < 0)
		return r;
	r = fill(volume, subvolume, size, err);
	if (r < 0)
		(void)btrfs_delete(subvolume, NULL); /* the first failure is what counts */
	return r;
}

static int delete_one(void *data, const char *subvolume, struct err *err)
{
	return btrfs_delete(subvolume, err);
}

/* Snapshots first: a volume that was only half freed is still there to be freed. */
static int free_volume(const struct volume *volume, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *subvolume = top_of(&arena, volume, NULL);
	int r = btrfs_each_snapshot(subvolume, delete_one, NULL, err);

	return r < 0 ? r : btrfs_delete(subvolume, err);
}

/* --------------------------------------------------------------------------------------- sizes */

static int size(const struct volume *volume, uint64_t *bytes, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};

	if (!volume->name.subvol)
		return image_size(volume->path, bytes, err);
	return btrfs_limit(top_of(&arena, volume, NULL), bytes, err);
}

static int resize(const struct volume *volume, uint64_t bytes, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};

	if (!volume->name.subvol)
		return image_resize(volume->storage, volume->path, bytes, err);
	if (storage_flag(volume->storage->quotas, false))
		return btrfs_limit_set(top_of(&arena, volume, NULL), bytes, err);
	err_plain(err, -EOPNOTSUPP, "cannot resize subvolume - storage '%s' has no quotas",
		  volume->storage->name);
	err_hint(err, "write 'quotas 1' into its section of storage.cfg");
	return -EOPNOTSUPP;
}

/* ----------------------------------------------------------------------- snapshots and clones */

static int snapshot(const struct volume *volume, const char *name, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};

	return btrfs_snapshot(top_of(&arena, volume, NULL), top_of(&arena, volume, name), true,
			      err);
}

static int snapshot_delete(const struct volume *volume, const char *name, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};

	return btrfs_delete(top_of(&arena, volume, name), err);
}

/* A snapshot has no limit of its own, nor has what is made of it. */
static int copy_limit(const char *from, const char *to, struct err *err)
{
	uint64_t bytes;
	int r = btrfs_limit(from, &bytes, err);

	return r < 0 || bytes == 0 ? r : btrfs_limit_set(to, bytes, err);
}

/*
 * The snapshot's copy is made beside the volume and takes its place in one step; whoever was
 * killed before that left a copy, which the next one removes.
 */
static int rollback(const struct volume *volume, const char *name, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *subvolume = top_of(&arena, volume, NULL);
	const char *copy = arena_printf(&arena, "%s@.rollback", subvolume);
	int r = btrfs_delete(copy, err);

	if (r == 0)
		r = btrfs_snapshot(top_of(&arena, volume, name), copy, false, err);
	if (r == 0)
		r = copy_limit(subvolume, copy, err);
	if (r == 0 && renameat2(AT_FDCWD, copy, AT_FDCWD, subvolume, RENAME_EXCHANGE) < 0)
		r = err_set(err, -errno, "put %s in place of %s", copy, subvolume);
	return r < 0 ? r : btrfs_delete(copy, err);
}

static int clone(const struct volume *from, const char *name, const struct volume *to,
		 struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *source = top_of(&arena, from, name), *target = top_of(&arena, to, NULL);
	int r = btrfs_snapshot(source, target, false, err);

	return r < 0 ? r : copy_limit(top_of(&arena, from, NULL), target, err);
}

static int move_snapshot(void *data, const char *from, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *to = arena_printf(&arena, "%s%s", (const char *)data, strrchr(from, '@'));

	return storage_rename_path(from, to, err);
}

/* The volume last: until then the old name has all that this one goes through again. */
static int rename_volume(const struct volume *from, const struct volume *to, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *source = top_of(&arena, from, NULL), *target = top_of(&arena, to, NULL);
	int r = btrfs_each_snapshot(source, move_snapshot, (void *)target, err);

	if (r == 0)
		r = storage_rename_path(source, target, err);
	return r < 0 || !to->name.is_base ? r : btrfs_readonly(target, true, err);
}

const struct storage_ops storage_btrfs_ops = {
	.is_subvol = is_subvol,
	.path = path,
	.file = file,
	.make = make,
	.free = free_volume,
	.size = size,
	.resize = resize,
	.rename = rename_volume,
	.snapshot = snapshot,
	.snapshot_delete = snapshot_delete,
	.rollback = rollback,
	.clone = clone,
	.features =
		{
			[VOLUME_SNAPSHOT] = {VOLUME_CURRENT, VOLUME_CURRENT},
			[VOLUME_CLONE] = {VOLUME_CURRENT | VOLUME_BASE | VOLUME_SNAPPED,
					  VOLUME_CURRENT | VOLUME_BASE | VOLUME_SNAPPED},
			[VOLUME_TEMPLATE] = {VOLUME_CURRENT, VOLUME_CURRENT},
			[VOLUME_RENAME] = {VOLUME_CURRENT, VOLUME_CURRENT},
		},
};
