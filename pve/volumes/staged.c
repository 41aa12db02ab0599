#include "pve/volumes/staged.h"

#include "lib/err.h"
#include "lib/sys.h"
#include "pve/lxc/idmap.h"
#include "pve/volumes/mount.h"
#include "pve/volumes/new.h"
#include "pve/volumes/shifted.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* ------------------------------------------------------------------------- detached mounts */

static int mount_image(const char *image, const char *place, struct err *err)
{
	const struct volume_mount mount = {.path = image};
	cleanup_close int fd = volume_mount(&mount, err);
	int r;

	if (fd < 0)
		return fd;
	r = sys_move_mount(fd, AT_FDCWD, place);
	return r < 0 ? err_set(err, r, "mount %s on %s", image, place) : 0;
}

static int open_copy(const char *path, struct err *err)
{
	int fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE);

	return fd < 0 ? err_set(err, fd, "open %s as a mount", path) : fd;
}

static int map_ids(int fd, const struct new_volume *volume, struct err *err)
{
	cleanup_close int userns_fd = shifted_namespace(volume->idmap, err);
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP};
	int r;

	if (userns_fd < 0)
		return userns_fd;
	attr.userns_fd = (uint64_t)userns_fd;
	r = sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr);
	if (r == 0)
		return 0;
	err_set(err, r, "map the ids of %s", volume->path);
	if (r == -EINVAL)
		err_hint(err, "its file system has no id-mapped mounts: leave out idmap and "
			      "--shift-free");
	return r;
}

static int open_both(struct staged_volume *item, const char *from, struct err *err)
{
	item->plain_fd = open_copy(from, err);
	if (item->plain_fd < 0)
		return item->plain_fd;
	item->shown_fd = open_copy(from, err);
	if (item->shown_fd < 0)
		return item->shown_fd;
	return item->volume->idmap ? map_ids(item->shown_fd, item->volume, err) : 0;
}

static int open_shown(struct staged_volume *item, struct err *err)
{
	const struct new_volume *volume = item->volume;
	const struct volume_mount mount = {
		.path = volume->path,
		.readonly = opt_bool_or(volume->mount.ro, false),
	};

	item->shown_fd = volume_mount(&mount, err);
	if (item->shown_fd < 0)
		return item->shown_fd;
	return volume->idmap ? map_ids(item->shown_fd, volume, err) : 0;
}

/* An image can't be mounted twice: both of its mounts are copies of one on the folder. */
static int stage(struct staged_volume *item, const char *place, struct err *err)
{
	const char *path = item->volume->path;
	struct stat st;
	int r;

	if (stat(path, &st) < 0)
		return err_set(err, -errno, "look at %s", path);
	if (S_ISDIR(st.st_mode))
		return open_both(item, path, err);
	r = mount_image(path, place, err);
	if (r < 0)
		return r;
	r = open_both(item, place, err);
	if (umount2(place, MNT_DETACH) < 0 && r == 0)
		r = err_set(err, -errno, "unmount %s", place);
	return r;
}

int mounts_stage(struct staged *staged, const struct new_volume *volumes, struct err *err)
{
	int r = 0;

	for (; volumes && r == 0; volumes = volumes->next) {
		struct staged_volume *item = &staged->items[staged->count++];

		*item = (struct staged_volume){volumes, -EBADF, -EBADF};
		r = staged->once ? open_shown(item, err) : stage(item, staged->place, err);
		if (r < 0)
			err_add(err, "%s", volumes->key);
	}
	return r;
}

void mounts_forget(struct staged *staged)
{
	for (size_t i = 0; i < staged->count; i++) {
		staged->items[i].shown_fd = close_fd(staged->items[i].shown_fd);
		staged->items[i].plain_fd = close_fd(staged->items[i].plain_fd);
	}
}

/* ---------------------------------------------------------------------------- attaching them */

/* Made by the container's root: through an id map the host's own root is nobody. */
static int make_folder(const struct staged *staged, int fd, const char *name)
{
	int r;

	(void)setfsgid(staged->map ? idmap_root(&staged->map->gid) : 0); /* these never fail for */
	(void)setfsuid(staged->map ? idmap_root(&staged->map->uid) : 0); /* a process of root's  */
	r = mkdirat(fd, name, 0755) < 0 ? -errno : 0;
	(void)setfsuid(0);
	(void)setfsgid(0);
	return r;
}

static int step_down(const struct staged *staged, int fd, const char *name, struct err *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int next = openat(fd, name, flags);
	int r = next < 0 ? -errno : 0;

	if (r == -ENOENT)
		r = make_folder(staged, fd, name);
	if (r == 0 && next < 0)
		next = openat(fd, name, flags);
	if (r == 0 && next < 0)
		r = -errno;
	return r < 0 ? err_set(err, r, "make or open folder %s", name) : next;
}

static int open_target(const struct staged *staged, int root_fd, const char *mp, struct err *err)
{
	cleanup_close int fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
	char path[PATH_MAX], *rest = path, *name;

	if (fd < 0 || snprintf(path, sizeof(path), "%s", mp) >= (int)sizeof(path))
		return err_set(err, -ENAMETOOLONG, "open %s", mp);
	while ((name = strsep(&rest, "/"))) {
		int next;

		if (!*name)
			continue;
		next = step_down(staged, fd, name, err);
		if (next < 0)
			return next;
		close_fd(fd);
		fd = next;
	}
	return take_fd(&fd);
}

static int attach(const struct staged *staged, struct staged_volume *item, bool shown, int root_fd,
		  struct err *err)
{
	cleanup_close int source_fd = take_fd(shown ? &item->shown_fd : &item->plain_fd);
	cleanup_close int target_fd = -EBADF;
	int r;

	if (!item->volume->mount.mp) {
		r = sys_move_mount(source_fd, AT_FDCWD, staged->place);
	} else {
		target_fd = open_target(staged, root_fd, item->volume->mount.mp, err);
		if (target_fd < 0)
			return target_fd;
		r = sys_move_mount(source_fd, target_fd, "");
	}
	return r < 0 ? err_set(err, r, "mount %s", item->volume->path) : 0;
}

int mounts_join(struct staged *staged, bool shown, struct err *err)
{
	cleanup_close int root_fd = -EBADF;

	for (size_t i = 0; i < staged->count; i++) {
		int r = attach(staged, &staged->items[i], shown, root_fd, err);

		if (r < 0) {
			err_add(err, "%s", staged->items[i].volume->key);
			return r;
		}
		if (root_fd < 0)
			root_fd = open(staged->place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (root_fd < 0)
			return err_set(err, -errno, "open %s", staged->place);
	}
	return take_fd(&root_fd);
}

int mounts_leave(const struct staged *staged, struct err *err)
{
	return umount2(staged->place, MNT_DETACH) < 0
		       ? err_set(err, -errno, "unmount %s", staged->place)
		       : 0;
}
