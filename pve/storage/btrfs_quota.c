#include "pve/storage/btrfs.h"

#include "lib/err.h"
#include "lib/own.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <string.h>
#include <sys/ioctl.h>

/*
 * Each subvolume has a quota group 0/ID from when quotas are switched on. Its limit is an item of
 * the quota tree (btrfs(5), linux/btrfs_tree.h: struct btrfs_qgroup_limit_item).
 */

static int open_subvolume(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? err_set(err, -errno, "open subvolume %s", path) : fd;
}

static int subvolume_id(int fd, uint64_t *id)
{
	struct btrfs_ioctl_ino_lookup_args args = {.objectid = BTRFS_FIRST_FREE_OBJECTID};

	if (ioctl(fd, BTRFS_IOC_INO_LOOKUP, &args) < 0)
		return -errno;
	*id = args.treeid;
	return 0;
}

/* The one item with that key. Return: -ENOENT: none, also without quotas. */
static int search(int fd, uint64_t id, struct btrfs_qgroup_limit_item *item)
{
	struct btrfs_ioctl_search_args args = {
		.key = {.tree_id = BTRFS_QUOTA_TREE_OBJECTID,
			.min_type = BTRFS_QGROUP_LIMIT_KEY,
			.max_type = BTRFS_QGROUP_LIMIT_KEY,
			.min_offset = id,
			.max_offset = id,
			.max_transid = UINT64_MAX,
			.nr_items = 1},
	};

	if (ioctl(fd, BTRFS_IOC_TREE_SEARCH, &args) < 0)
		return -errno;
	if (args.key.nr_items == 0)
		return -ENOENT;
	memcpy(item, args.buf + sizeof(struct btrfs_ioctl_search_header), sizeof(*item));
	return 0;
}

int btrfs_limit(const char *path, uint64_t *bytes, struct err *err)
{
	cleanup_close int fd = open_subvolume(path, err);
	struct btrfs_qgroup_limit_item item = {};
	uint64_t id = 0;
	int r;

	if (fd < 0)
		return fd;
	r = subvolume_id(fd, &id);
	if (r == 0)
		r = search(fd, id, &item);
	if (r < 0 && r != -ENOENT)
		return err_set(err, r, "look for the quota of %s", path);
	*bytes = le64toh(item.flags) & BTRFS_QGROUP_LIMIT_MAX_RFER ? le64toh(item.max_rfer) : 0;
	return 0;
}

/* Quotas count what is there already in the background; a limit holds from then on. */
static int switch_on(int fd)
{
	struct btrfs_ioctl_quota_ctl_args args = {.cmd = BTRFS_QUOTA_CTL_ENABLE};

	return ioctl(fd, BTRFS_IOC_QUOTA_CTL, &args) < 0 && errno != EEXIST ? -errno : 0;
}

int btrfs_limit_set(const char *path, uint64_t bytes, struct err *err)
{
	cleanup_close int fd = open_subvolume(path, err);
	struct btrfs_ioctl_qgroup_limit_args args = {
		.lim = {.flags = BTRFS_QGROUP_LIMIT_MAX_RFER, .max_rfer = bytes},
	};
	uint64_t id = 0;
	int r;

	if (fd < 0)
		return fd;
	r = switch_on(fd);
	if (r == 0)
		r = subvolume_id(fd, &id);
	if (r < 0)
		return err_set(err, r, "switch on quotas for %s", path);
	args.qgroupid = id;
	if (ioctl(fd, BTRFS_IOC_QGROUP_LIMIT, &args) < 0)
		return err_set(err, -errno, "limit %s", path);
	return 0;
}
