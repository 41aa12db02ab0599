#include "pve/storage.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/process.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

enum { DISKS_MAX = 1024 };

/* An empty file, a directory: O_EXCL and mkdir(2) decide who of two callers got the name. */
static int make_file(const char *path, uint64_t size)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) < 0) {
		int r = -errno;

		(void)unlink(path); /* ours, and the first failure is what counts */
		return r;
	}
	return 0;
}

static int make_entry(const char *path, uint64_t size)
{
	if (size > 0)
		return make_file(path, size);
	return mkdir(path, 0755) < 0 ? -errno : 0;
}

static bool exists(int folder_fd, const char *name)
{
	return faccessat(folder_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A number that any form has is taken: all of them belong to one list of disks. */
static bool taken(struct arena *arena, const char *folder, const char *id, unsigned int number)
{
	const char *const names[] = {
		arena_printf(arena, "vm-%s-disk-%u.raw", id, number),
		arena_printf(arena, "base-%s-disk-%u.raw", id, number),
		arena_printf(arena, "subvol-%s-disk-%u.subvol", id, number),
	};
	cleanup_close int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (exists(fd, names[i]))
			return true;
	return false;
}

static int make_numbered(struct arena *arena, const char *folder,
			 const struct volume_request *request, const char **name)
{
	for (unsigned int number = 0; number < DISKS_MAX; number++) {
		int r;

		if (taken(arena, folder, request->id, number))
			continue;
		*name = request->size > 0
				? arena_printf(arena, "vm-%s-disk-%u.raw", request->id, number)
				: arena_printf(arena, "subvol-%s-disk-%u.subvol", request->id,
					       number);
		r = make_entry(arena_printf(arena, "%s/%s", folder, *name), request->size);
		if (r != -EEXIST)
			return r;
	}
	return -ENOSPC;
}

static int make_ext4(struct arena *arena, const char *path, const struct volume_request *request,
		     struct err *err)
{
	const char *owner = arena_printf(arena, "root_owner=%u:%u", request->uid, request->gid);
	const char *const argv[] = {"mkfs.ext4", "-q", "-F", "-O", "mmp", "-E", owner, path, NULL};

	return process_run(argv, NULL, err);
}

static int fill(struct arena *arena, const char *path, const struct volume_request *request,
		struct err *err)
{
	if (request->size > 0)
		return make_ext4(arena, path, request, err);
	if (chown(path, request->uid, request->gid) < 0)
		return err_set(err, -errno, "give %s to uid %u", path, request->uid);
	return 0;
}

int storage_dir_alloc(struct arena *arena, const struct storage *storage,
		      const struct volume_request *request, const char **volume, struct err *err)
{
	const char *folder = arena_printf(arena, "%s/images/%s", storage->path, request->id);
	const char *name, *path;
	int r = make_dirs(folder, 0755);

	if (r < 0)
		return err_set(err, r, "make %s", folder);
	r = make_numbered(arena, folder, request, &name);
	if (r < 0)
		return err_set(err, r, "make a volume in %s", folder);
	path = arena_printf(arena, "%s/%s", folder, name);
	r = fill(arena, path, request, err);
	if (r < 0) {
		(void)remove_tree(AT_FDCWD, path); /* the first failure is what counts */
		(void)rmdir(folder);
		return r;
	}
	*volume = arena_printf(arena, "%s:%s/%s", storage->name, request->id, name);
	return 0;
}

int storage_dir_free(const struct storage *storage, const struct volume_name *name, struct err *err)
{
	char path[PATH_MAX], folder[PATH_MAX];
	int r;

	(void)snprintf(folder, sizeof(folder), "%s/images/%s", storage->path, name->owner);
	r = snprintf(path, sizeof(path), "%s/%s", folder, name->file);
	if (r < 0 || (size_t)r >= sizeof(path))
		return err_set(err, -ENAMETOOLONG, "remove volume %s", name->file);
	r = remove_tree(AT_FDCWD, path);
	if (r < 0)
		return err_set(err, r, "remove %s", path);
	(void)rmdir(folder); /* fails while other volumes are in it, as it should */
	return 0;
}
