#include "lib/fs.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"

#include <stdio.h>
#include <string.h>

/* What raw images of containers are; asked in the order of how often. */
static const char *const types[] = {"ext4", "xfs", "btrfs"};

/* "e tmpfs: Bad value for 'size'" */
int fs_failed(int fs_fd, int num, struct err *err, const char *what)
{
	char line[256];
	ssize_t length = read(fs_fd, line, sizeof(line) - 1);

	if (length <= 2)
		return err_sys(err, num, "fsconfig", "%s", what);
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return err_sys(err, num, "fsconfig", "%s: %s", what, line + 2);
}

static int configure_one(int fs_fd, char *word, struct err *err)
{
	char *value = strchr(word, '=');
	char what[128];
	int r;

	if (value)
		*value++ = '\0';
	r = sys_fsconfig(fs_fd, value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, word, value, 0);
	if (r == 0)
		return 0;
	(void)snprintf(what, sizeof(what), "set option \"%s\"", word);
	return fs_failed(fs_fd, r, err, what);
}

int fs_configure(int fs_fd, const char *data, struct err *err)
{
	cleanup_free char *words = strdup(data);
	char *rest = words;
	int r = words ? 0 : err_set(err, -ENOMEM, "set options");

	for (char *word; r == 0 && (word = strsep(&rest, ","));)
		if (*word)
			r = configure_one(fs_fd, word, err);
	return r;
}

static int mount_type(const struct fs_device *fs, const char *type, struct err *err)
{
	cleanup_close int fs_fd = sys_fsopen(type);
	int r = fs_fd < 0 ? err_sys(err, fs_fd, "fsopen", "open file system \"%s\"", type) : 0;

	if (r == 0)
		r = sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, "source", fs->device, 0);
	if (r == 0 && fs->readonly)
		r = sys_fsconfig(fs_fd, FSCONFIG_SET_FLAG, "ro", NULL, 0);
	if (r == 0)
		r = fs_configure(fs_fd, fs->data, err);
	if (r < 0)
		return r;
	r = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0)
		return fs_failed(fs_fd, r, err, "mount the file system");
	r = sys_fsmount(fs_fd, fs->readonly ? MOUNT_ATTR_RDONLY : 0);
	return r < 0 ? err_set(err, r, "mount the file system") : r;
}

/* A kernel that finds no superblock of its kind says EINVAL; one without the type, ENODEV. */
int fs_mount(const struct fs_device *fs, struct err *err)
{
	int fd = -EINVAL;

	if (fs->type)
		return mount_type(fs, fs->type, err);
	for (size_t i = 0; i < ARRAY_SIZE(types) && (fd == -EINVAL || fd == -ENODEV); i++)
		fd = mount_type(fs, types[i], err);
	if (fd == -EINVAL || fd == -ENODEV)
		return err_plain(err, -EINVAL,
				 "no ext4, xfs or btrfs in there that can be mounted");
	return fd;
}
