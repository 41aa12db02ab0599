#include "pve/storage/btrfs.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"

#include <btrfsutil.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The library says which call failed; errno why. */
static int failed(enum btrfs_util_error error, struct err *err, const char *what, const char *path)
{
	int num = errno ? -errno : -EIO;

	err_set(err, num, "%s %s: %s", what, path, btrfs_util_strerror(error));
	if (num == -ENOTTY || error == BTRFS_UTIL_ERROR_NOT_BTRFS)
		err_hint(err, "a storage of type btrfs has to be on a btrfs file system");
	return num;
}

int btrfs_make(const char *path, struct err *err)
{
	enum btrfs_util_error error = btrfs_util_create_subvolume(path, 0, NULL, NULL);

	return error ? failed(error, err, "make subvolume", path) : 0;
}

int btrfs_delete(const char *path, struct err *err)
{
	enum btrfs_util_error error;

	if (access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	/* One that is read-only can be deleted, what is in it can't. */
	(void)btrfs_util_set_subvolume_read_only(path, false);
	error = btrfs_util_delete_subvolume(path, BTRFS_UTIL_DELETE_SUBVOLUME_RECURSIVE);
	return error ? failed(error, err, "delete subvolume", path) : 0;
}

int btrfs_snapshot(const char *from, const char *to, bool readonly, struct err *err)
{
	enum btrfs_util_error error = btrfs_util_create_snapshot(
		from, to, readonly ? BTRFS_UTIL_CREATE_SNAPSHOT_READ_ONLY : 0, NULL, NULL);

	return error ? failed(error, err, "snapshot to", to) : 0;
}

int btrfs_readonly(const char *path, bool readonly, struct err *err)
{
	enum btrfs_util_error error = btrfs_util_set_subvolume_read_only(path, readonly);

	return error ? failed(error, err, "make read-only", path) : 0;
}

int btrfs_each_snapshot(const char *path,
			int (*each)(void *data, const char *snapshot, struct err *err), void *data,
			struct err *err)
{
	char folder[PATH_MAX], prefix[NAME_MAX + 2], snapshot[PATH_MAX];
	const char *slash = strrchr(path, '/');
	struct dirent *entry;
	DIR *dir;
	int r = 0;

	(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	(void)snprintf(prefix, sizeof(prefix), "%s@", slash + 1);
	dir = opendir(folder);
	while (dir && r == 0 && (entry = readdir(dir))) {
		if (!starts_with(entry->d_name, prefix))
			continue;
		(void)snprintf(snapshot, sizeof(snapshot), "%.*s/%s", (int)(slash - path), path,
			       entry->d_name);
		r = each(data, snapshot, err);
	}
	if (dir)
		closedir(dir);
	return r;
}
