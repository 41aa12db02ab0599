#include "lib/fs.h"
#include "lib/own.h"

#include <linux/magic.h>
#include <sys/vfs.h>

/* Numbers that linux/magic.h has no name for: statfs(2). */
enum { CIFS_MAGIC = 0xff534d42, FUSE_MAGIC = 0x65735546, NTFS3_MAGIC = 0x7366746e };

static const struct {
	unsigned int magic;
	const char *name;
} names[] = {
	{EXT4_SUPER_MAGIC, "ext4"},     {BTRFS_SUPER_MAGIC, "btrfs"},
	{XFS_SUPER_MAGIC, "xfs"},       {TMPFS_MAGIC, "tmpfs"},
	{RAMFS_MAGIC, "ramfs"},         {OVERLAYFS_SUPER_MAGIC, "overlay"},
	{NFS_SUPER_MAGIC, "nfs"},       {CIFS_MAGIC, "cifs"},
	{FUSE_MAGIC, "fuse"},           {V9FS_MAGIC, "9p"},
	{MSDOS_SUPER_MAGIC, "vfat"},    {ISOFS_SUPER_MAGIC, "iso9660"},
	{PROC_SUPER_MAGIC, "proc"},     {SYSFS_MAGIC, "sysfs"},
	{SQUASHFS_MAGIC, "squashfs"},   {F2FS_SUPER_MAGIC, "f2fs"},
	{DEBUGFS_MAGIC, "debugfs"},     {CGROUP2_SUPER_MAGIC, "cgroup2"},
	{HUGETLBFS_MAGIC, "hugetlbfs"}, {NTFS3_MAGIC, "ntfs3"},
};

const char *fs_name(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].magic == (unsigned int)fs.f_type)
			return names[i].name;
	return NULL;
}
