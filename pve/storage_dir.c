#include "pve/storage.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/process.h"
#include "lib/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { DISKS_MAX = 1024 };

/* The number of "vm-100-disk-3.raw", in any of a disk's forms. Return: -1: it is no disk. */
static int disk_number(const char *name, const char *id)
{
	static const char *const forms[] = {"vm", "base", "subvol", "basevol"};
	char prefix[64];

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		int length = snprintf(prefix, sizeof(prefix), "%s-%s-disk-", forms[i], id);
		unsigned long number;
		char *end;

		if (!starts_with(name, prefix))
			continue;
		number = strtoul(name + length, &end, 10);
		if (end > name + length && number < DISKS_MAX)
			return (int)number;
	}
	return -1;
}

/* A number that any form has is taken: all of them belong to one list of disks. */
static int find_free(const char *folder, const char *id)
{
	bool taken[DISKS_MAX] = {};
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int number = 0;

	while (dir && (entry = readdir(dir)))
		if ((number = disk_number(entry->d_name, id)) >= 0)
			taken[number] = true;
	if (dir)
		closedir(dir);
	for (number = 0; number < DISKS_MAX && taken[number]; number++)
		;
	return number < DISKS_MAX ? number : -ENOSPC;
}

int storage_dir_name(struct arena *arena, const struct storage *storage,
		     const struct volume_request *request, const char **volume, struct err *err)
{
	const char *folder = arena_printf(arena, "%s/images/%s", storage->path, request->id);
	int number = find_free(folder, request->id);

	if (number < 0)
		return err_set(err, number, "unable to allocate an image name in %s", folder);
	*volume = request->size > 0 ? arena_printf(arena, "%s:%s/vm-%s-disk-%d.raw", storage->name,
						   request->id, request->id, number)
				    : arena_printf(arena, "%s:%s/subvol-%s-disk-%d.subvol",
						   storage->name, request->id, request->id, number);
	return 0;
}

/* O_EXCL and mkdir(2): what is there already is never written to. */
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

/* In a directory whose files keep the ids 0 and up, programs may be setuid to the host's root:
 * nobody else of the host gets there. */
static int make_folder(const char *folder, const struct volume_request *request, struct err *err)
{
	int r = make_dirs(folder, 0755);

	if (r == 0 && request->size == 0 && request->uid == 0 && chmod(folder, 0700) < 0)
		r = -errno;
	return r < 0 ? err_set(err, r, "make %s", folder) : 0;
}

int storage_dir_make(struct arena *arena, const struct storage *storage,
		     const struct volume_request *request, const struct volume_name *name,
		     struct err *err)
{
	const char *folder = arena_printf(arena, "%s/images/%s", storage->path, name->owner);
	const char *path = arena_printf(arena, "%s/%s", folder, name->file);
	int r = make_folder(folder, request, err);

	if (r < 0)
		return r;
	r = make_entry(path, request->size);
	if (r < 0)
		return err_set(err, r, "make volume %s", path);
	r = fill(arena, path, request, err);
	if (r < 0) {
		(void)remove_tree(AT_FDCWD, path); /* the first failure is what counts */
		(void)rmdir(folder);
	}
	return r;
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

int storage_dir_list(struct arena *arena, const struct storage *storage, const char *id,
		     const char ***volumes)
{
	const char *folder = arena_printf(arena, "%s/images/%s", storage->path, id);
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	*volumes = arena_array(arena, DISKS_MAX + 1, sizeof(**volumes));
	while (dir && (entry = readdir(dir)) && count < DISKS_MAX)
		if (disk_number(entry->d_name, id) >= 0)
			(*volumes)[count++] =
				arena_printf(arena, "%s:%s/%s", storage->name, id, entry->d_name);
	if (dir)
		closedir(dir);
	return (int)count;
}
