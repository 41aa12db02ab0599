#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;

/*
 * Subvolumes of btrfs, by libbtrfsutil; their quotas, which it doesn't know, by ioctl(2).
 */

/** btrfs_make() - an empty subvolume. Return: 0; -EEXIST; -ENOTTY with a hint: no btrfs. */
int btrfs_make(const char *path, struct err *err);

/** btrfs_delete() - a subvolume with those in it; one that is not there is fine. */
int btrfs_delete(const char *path, struct err *err);

/** btrfs_snapshot() - a copy that shares the data of @from. Subvolumes in it are left out. */
int btrfs_snapshot(const char *from, const char *to, bool readonly, struct err *err);

/** btrfs_readonly() - whether anybody may write to it */
int btrfs_readonly(const char *path, bool readonly, struct err *err);

/** btrfs_each_snapshot() - call @each for every "PATH@NAME"; ends with its first failure. */
int btrfs_each_snapshot(const char *path,
			int (*each)(void *data, const char *snapshot, struct err *err), void *data,
			struct err *err);

/** btrfs_limit() - how much a subvolume may refer to, in bytes; 0: no limit. */
int btrfs_limit(const char *path, uint64_t *bytes, struct err *err);

/** btrfs_limit_set() - the same, set; quotas are switched on if they aren't. */
int btrfs_limit_set(const char *path, uint64_t bytes, struct err *err);
