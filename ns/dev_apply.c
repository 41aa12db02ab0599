#include "lib/err.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/dev.h"
#include "ns/mount_new.h"
#include "ns/target.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool is_device(const struct stat *st, mode_t type, unsigned int major_number,
		      unsigned int minor_number)
{
	return (st->st_mode & S_IFMT) == (type & S_IFMT) &&
	       (S_ISFIFO(type) || st->st_rdev == makedev(major_number, minor_number));
}

int dev_open_host(const char *path, mode_t type, unsigned int major_number,
		  unsigned int minor_number, uint64_t attributes, struct err *err)
{
	/* A peer of the host's /dev would carry what is mounted on the node to the host. */
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | attributes,
		.propagation = MS_PRIVATE,
	};
	cleanup_close int fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE);
	struct stat st;
	int r;

	if (fd < 0)
		return err_set(err, fd, "open the host's %s", path);
	if (fstat(fd, &st) < 0)
		return err_set(err, -errno, "look at the host's %s", path);
	if (!is_device(&st, type, major_number, minor_number))
		return err_plain(err, -ENODEV, "the host's %s is not device %u:%u", path,
				 major_number, minor_number);
	r = sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr);
	return r < 0 ? err_set(err, r, "set attributes of %s", path) : take_fd(&fd);
}

int dev_source_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);
	int fd = dev_open_host(dev->source, dev->mode, dev->major, dev->minor, 0, err);

	if (fd < 0)
		return fd;
	run->slots[dev->slot] = fd;
	return 0;
}

int dev_node_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);
	int *stage_fd = &run->slots[dev->stage_slot];

	if (*stage_fd < 0)
		*stage_fd = mount_new_simple("tmpfs", "size=8k,mode=0755",
					     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, err);
	if (*stage_fd < 0)
		return *stage_fd;
	if (mknodat(*stage_fd, dev->name, dev->mode, makedev(dev->major, dev->minor)) < 0 ||
	    fchownat(*stage_fd, dev->name, dev->uid, dev->gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(*stage_fd, dev->name, dev->mode & 07777, 0) < 0)
		return err_set(err, -errno, "make the node");
	return 0;
}

/*
 * Kernels before 6.15 clone attached mounts only. The place is the host's /dev, as this mount
 * namespace has it: the pivot, or the end of the namespace, takes both away.
 */
int dev_stage_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);
	int stage_fd = run->slots[dev->stage_slot];
	int fd = sys_open_tree(stage_fd, dev->name, OPEN_TREE_CLONE);
	int r;

	if (fd == -EINVAL) {
		r = sys_move_mount(stage_fd, AT_FDCWD, "/dev");
		if (r < 0)
			return err_set(err, r, "attach its tmpfs");
		fd = sys_open_tree(stage_fd, dev->name, OPEN_TREE_CLONE);
	}
	if (fd < 0)
		return err_set(err, fd, "clone the node");
	run->slots[dev->slot] = fd;
	return 0;
}

/* What is there already may be what is wanted, as in an image with a filled /dev. */
static int make_node(int dir_fd, const char *name, const struct dev_step *dev, struct err *err)
{
	const dev_t number = S_ISFIFO(dev->mode) ? 0 : makedev(dev->major, dev->minor);
	struct stat st;

	if (mknodat(dir_fd, name, dev->mode, number) < 0) {
		const int made = -errno;

		if (made != -EEXIST || fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return err_set(err, made, "make the node");
		if (is_device(&st, dev->mode, dev->major, dev->minor))
			return 0;
		err_plain(err, -EEXIST, "there is something else already");
		err_hint(err, "another device, a mount or the root file system has that path: "
			      "leave out one of them");
		return -EEXIST;
	}
	if ((dev->uid || dev->gid) &&
	    fchownat(dir_fd, name, dev->uid, dev->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(err, -errno, "give the node to %u:%u", dev->uid, dev->gid);
	return 0;
}

static int node(struct run *run, const struct dev_step *dev, struct err *err)
{
	cleanup_(place_clear) struct place place = {.fd = -EBADF};
	int r = place_folder(run, &dev->target, TARGET_REAL, &place, err);

	return r < 0 ? r : make_node(place.fd, place.name, dev, err);
}

static int bind_node(struct run *run, const struct dev_step *dev, struct err *err)
{
	cleanup_(place_clear) struct place place = {.fd = -EBADF};
	cleanup_close int mnt_fd = take_fd(&run->slots[dev->slot]);
	int r = place_make(run, &dev->target, TARGET_FILE | TARGET_REAL, &place, err);

	return r < 0 ? r : place_attach(run, &dev->target, &place, mnt_fd, err);
}

int dev_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);

	return dev->how == DEV_MAKE ? node(run, dev, err) : bind_node(run, dev, err);
}

int dev_revert(const struct step *step, struct run *run, struct err *err)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);
	struct stat st;

	if (dev->how != DEV_MAKE)
		(void)sys_umount(dev->path,
				 SYS_UMOUNT_DETACH | SYS_UMOUNT_NOFOLLOW); /* it may not be there */
	if (lstat(dev->path, &st) < 0)
		return 0;
	if (dev->how == DEV_MAKE ? !is_device(&st, dev->mode, dev->major, dev->minor)
				 : !S_ISREG(st.st_mode) || st.st_size > 0)
		return 0; /* something else by now */
	return unlink(dev->path) < 0 ? err_set(err, -errno, "remove %s", dev->path) : 0;
}

/* An image's own /dev/ptmx, a node or a file, belongs to the host's terminals. */
static int link_one(int dir_fd, const struct dev_link *link)
{
	struct stat st;

	if (symlinkat(link->to, dir_fd, link->name) == 0)
		return 0;
	if (errno != EEXIST || fstatat(dir_fd, link->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode) || strcmp(link->name, "ptmx") != 0)
		return 0;
	if (unlinkat(dir_fd, link->name, 0) < 0 || symlinkat(link->to, dir_fd, link->name) < 0)
		return -errno;
	return 0;
}

int dev_links_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct target *target = &container_of(step, struct dev_step, step)->target;
	cleanup_(place_clear) struct place place = {.fd = -EBADF};
	int r = place_folder(run, target, TARGET_REAL, &place, err);

	for (const struct dev_link *link = dev_links; r == 0 && link->name; link++) {
		r = link_one(place.fd, link);
		if (r < 0)
			err_set(err, r, "link /dev/%s to %s", link->name, link->to);
	}
	return r;
}

int dev_readonly_apply(const struct step *step, struct run *run, struct err *err)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	cleanup_close int fd = target_open(run->root_fd, "/dev", TARGET_REAL, err);
	int r = fd < 0 ? fd : sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr);

	return fd >= 0 && r < 0 ? err_set(err, r, "make it read-only") : r;
}
