#include "pve/storage/type.h"

#include "lib/err.h"
#include "lib/fault.h"
#include "lib/file.h"
#include "lib/process.h"
#include "pve/etc/lock.h"

#include <stdio.h>
#include <sys/stat.h>

/*
 * What changes volumes. Whoever is killed here has left a volume whole, or one that its config
 * names and that can be freed, or made anew by the same call.
 */

/* A volume that is about to be changed: where tests of crashes end us. */
static int begin(struct arena *arena, const struct storages *storages, const char *id,
		 struct volume *volume, struct err *err)
{
	int r = volume_find(arena, storages, id, volume, err);

	return r < 0 ? r : fault_point("change", err);
}

/* The same, under the storage's lock: which volumes there are is about to change. */
static int begin_locked(struct arena *arena, const struct storages *storages, const char *id,
			struct volume *volume, struct lock *lock, struct err *err)
{
	int r = begin(arena, storages, id, volume, err);

	return r < 0 ? r : lock_storage(storages->lock_folder, volume->storage->name, lock, err);
}

/* ---------------------------------------------------------------------------- making, removing */

/* In a directory whose files keep the ids 0 and up, programs may be setuid to the host's root:
 * nobody else of the host gets there. */
static int make_folder(const struct volume *volume, const struct volume_request *request,
		       struct err *err)
{
	const char *base = volume->storage->path;
	int r = 0;

	if (access(base, F_OK) < 0 && !storage_flag(volume->storage->create_base_path,
						    storage_flag(volume->storage->mkdir, true)))
		return err_plain(err, -ENOENT,
				 "unable to activate storage '%s' - directory '%s' does not exist "
				 "or is unreachable",
				 volume->storage->name, base);
	r = make_dirs(volume->folder, 0755, err);
	if (r == 0 && volume->name.subvol && request->uid == 0 && chmod(volume->folder, 0700) < 0)
		r = err_set(err, -errno, "make %s", volume->folder);
	return r;
}

static int make_ext4(struct arena *arena, const struct volume *volume,
		     const struct volume_request *request, struct err *err)
{
	const char *owner = arena_printf(arena, "root_owner=%u:%u", request->uid, request->gid);
	const char *const argv[] = {"mkfs.ext4", "-q",  "-F",         "-O", "mmp",
				    "-E",        owner, volume->path, NULL};

	return process_run(argv, NULL, err);
}

static int fill(struct arena *arena, const struct volume *volume,
		const struct volume_request *request, struct err *err)
{
	int r = fault_point("change", err);

	if (r < 0)
		return r;
	if (!volume->name.subvol)
		return make_ext4(arena, volume, request, err);
	if (chown(volume->path, request->uid, request->gid) < 0)
		return err_set(err, -errno, "give %s to uid %u", volume->path, request->uid);
	return 0;
}

static int free_found(const struct volume *volume, struct err *err)
{
	int r = volume_ops(volume)->free(volume, err);

	(void)rmdir(volume->folder); /* fails while other volumes are in it, as it should */
	return r;
}

int storage_make(struct arena *arena, const struct storages *storages,
		 const struct volume_request *request, const char *id, struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	struct volume volume;
	int r = begin_locked(arena, storages, id, &volume, &lock, err);

	if (r == 0)
		r = make_folder(&volume, request, err);
	if (r == 0)
		r = volume_ops(&volume)->make(&volume, request->size, err);
	if (r < 0)
		return r;
	lock_drop(&lock); /* it has its name: what goes into it is nobody else's */
	r = fill(arena, &volume, request, err);
	if (r < 0)
		(void)free_found(&volume, NULL); /* the first failure is what counts */
	return r;
}

int storage_free(const struct storages *storages, const char *id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	struct volume volume;
	int r = begin_locked(&arena, storages, id, &volume, &lock, err);

	return r < 0 ? r : free_found(&volume, err);
}

/* ----------------------------------------------------------------------- what is there already */

int storage_resize(const struct storages *storages, const char *id, uint64_t size, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct volume volume;
	int r = begin(&arena, storages, id, &volume, err);

	return r < 0 ? r : volume_ops(&volume)->resize(&volume, size, err);
}

int storage_snapshot(const struct storages *storages, const char *id, const char *snapshot,
		     struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct volume volume;
	int r = begin(&arena, storages, id, &volume, err);

	return r < 0 ? r : volume_ops(&volume)->snapshot(&volume, snapshot, err);
}

int storage_snapshot_delete(const struct storages *storages, const char *id, const char *snapshot,
			    struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct volume volume;
	int r = begin(&arena, storages, id, &volume, err);

	return r < 0 ? r : volume_ops(&volume)->snapshot_delete(&volume, snapshot, err);
}

int storage_rollback(const struct storages *storages, const char *id, const char *snapshot,
		     struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct volume volume;
	int r = begin(&arena, storages, id, &volume, err);

	return r < 0 ? r : volume_ops(&volume)->rollback(&volume, snapshot, err);
}

/* Two volumes of one storage, the second one's folder made. */
static int find_both(struct arena *arena, const struct storages *storages, const char *from_id,
		     const char *to_id, struct volume *from, struct volume *to, struct lock *lock,
		     struct err *err)
{
	int r = volume_find(arena, storages, from_id, from, err);

	if (r == 0)
		r = volume_find(arena, storages, to_id, to, err);
	if (r == 0)
		r = lock_storage(storages->lock_folder, to->storage->name, lock, err);
	if (r < 0)
		return r;
	r = make_dirs(to->folder, 0755, err);
	return r < 0 ? r : fault_point("change", err);
}

int storage_clone(const struct storages *storages, const char *id, const char *snapshot,
		  const char *to_id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	struct volume from = {}, to = {};
	int r = find_both(&arena, storages, id, to_id, &from, &to, &lock, err);

	return r < 0 ? r : volume_ops(&from)->clone(&from, snapshot, &to, err);
}

int storage_rename(const struct storages *storages, const char *id, const char *to_id,
		   struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	struct volume from = {}, to = {};
	int r = find_both(&arena, storages, id, to_id, &from, &to, &lock, err);

	if (r < 0)
		return r;
	r = volume_ops(&from)->rename(&from, &to, err);
	(void)rmdir(from.folder); /* fails while other volumes are in it */
	return r;
}
