#include "lib/err.h"
#include "lib/explain.h"
#include "lib/fs.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/mount.h"

#include <fcntl.h>

static int map_fd(struct run *run, const struct mount_values *values, struct err *err)
{
	int fd;

	if (!values->own_map && run->userns_fd >= 0)
		return run->userns_fd;
	if (values->map_later) {
		fd = openat(run->pid_dir_fd, "ns/user", O_RDONLY | O_CLOEXEC);
		return fd < 0 ? err_set(err, -errno, "open the user namespace") : fd;
	}
	if (values->uid.count == 0)
		return err_plain(err, -EINVAL, "no id map to show %s through", values->source);
	return userns_fd_for(&values->uid, &values->gid, err);
}

/* A table of the kernel says which file systems can: FS_ALLOW_IDMAP. Nothing shows it. */
static void no_idmap(int mnt_fd, struct err *err)
{
	const char *type = fs_name(mnt_fd);

	err_fact(err, "this kernel has no id maps for mounts of %s", type ? type : "its type");
	err_hint(err,
		 "mount it without idmap and give the files to the container's ids (chown), or "
		 "put them on ext4, xfs or btrfs");
}

int mount_idmap(struct run *run, int mnt_fd, const struct mount_values *values, struct err *err)
{
	const bool recursive = values->opts.flags & MOUNT_IDMAP_RECURSIVE;
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP};
	int fd = map_fd(run, values, err);
	int r;

	if (fd < 0)
		return fd;
	attr.userns_fd = (uint64_t)fd;
	r = sys_mount_setattr(mnt_fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &attr);
	/* The container's map is used again by the next mount that wants it. */
	if (!values->own_map && run->userns_fd < 0)
		run->userns_fd = fd;
	else if (fd != run->userns_fd)
		close_fd(fd);
	if (r < 0)
		err_sys(err, r, "mount_setattr", "set the id map");
	if (r == -EINVAL)
		no_idmap(mnt_fd, err);
	return r;
}

/* mount_namespaces(7): in a user namespace flags of the host's mounts are locked, and those of
 * times always. What can't be given back is kept: "rw" is said of each volume, also of a read-only
 * one. */
static void keep_locked(struct mount_attr *attr)
{
	attr->attr_clr = 0;
	attr->attr_set &= ~(uint64_t)MOUNT_ATTR__ATIME;
}

static int set_attr(int mnt_fd, unsigned int flags, struct mount_attr attr, struct err *err)
{
	int r;

	if (!attr.attr_set && !attr.attr_clr && !attr.propagation)
		return 0;
	r = sys_mount_setattr(mnt_fd, "", AT_EMPTY_PATH | flags, &attr);
	if (r == -EPERM && attr.attr_clr) {
		keep_locked(&attr);
		r = sys_mount_setattr(mnt_fd, "", AT_EMPTY_PATH | flags, &attr);
	}
	return r < 0 ? err_sys(err, r, "mount_setattr", "set the mount's attributes") : 0;
}

/*
 * What is below must not stay a peer of the host's mounts because a word speaks of the top alone;
 * but a slave can't become its master's peer again, so a top that is to stay one decides.
 */
static uint64_t propagation_below(const struct mount_values *values)
{
	const struct mount_opts *opts = &values->opts;

	if (opts->propagation_recursive)
		return opts->propagation_recursive;
	if (opts->propagation)
		return opts->propagation == MS_SHARED ? 0 : MS_SLAVE;
	return values->propagation;
}

int mount_finish(struct run *run, int mnt_fd, const struct mount_values *values, struct err *err)
{
	const struct mount_opts *opts = &values->opts;
	struct mount_attr all = {
		.attr_set = opts->set_recursive,
		.attr_clr = opts->clear_recursive,
		.propagation = propagation_below(values),
	};
	struct mount_attr top = {
		.attr_set = opts->set,
		.attr_clr = opts->clear,
		.propagation = opts->propagation,
	};
	int r;

	/* Nothing below: one call does for both. */
	if (!(opts->flags & MOUNT_RECURSIVE)) {
		top.attr_set |= all.attr_set;
		top.attr_clr |= all.attr_clr;
		top.propagation = top.propagation ? top.propagation : all.propagation;
		all = (struct mount_attr){};
	}
	r = set_attr(mnt_fd, AT_RECURSIVE, all, err);
	if (r == 0)
		r = set_attr(mnt_fd, 0, top, err);
	if (r == 0 && values->idmapped && !values->map_later)
		r = mount_idmap(run, mnt_fd, values, err);
	return r;
}

static int open_links_refused(const char *source)
{
	cleanup_close int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return root_fd < 0 ? -errno : sys_open_real(root_fd, source, O_PATH);
}

static int open_source(const struct mount_values *values)
{
	unsigned int flags = OPEN_TREE_CLONE;
	cleanup_close int fd = -EBADF;

	if (values->opts.flags & MOUNT_RECURSIVE)
		flags |= AT_RECURSIVE;
	if (values->opts.flags & MOUNT_SRC_NOFOLLOW)
		flags |= AT_SYMLINK_NOFOLLOW;
	if (!(values->opts.flags & MOUNT_NO_SYMLINKS))
		return sys_open_tree(AT_FDCWD, values->source, flags);
	fd = open_links_refused(values->source);
	return fd < 0 ? fd : sys_open_tree(fd, "", flags | AT_EMPTY_PATH);
}

int mount_source_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;
	cleanup_close int mnt_fd = -EBADF;
	int r;

	mnt_fd = values->volume_slot >= 0 ? take_fd(&run->slots[values->volume_slot])
					  : open_source(values);
	if (mnt_fd < 0) {
		if (values->opts.flags & MOUNT_OPTIONAL)
			return 0;
		err_sys(err, mnt_fd, "open_tree", "open the source");
		explain_path(err, values->source);
		if (mnt_fd == -ENOENT)
			err_hint(err, "create %s on the host or remove this mount", values->source);
		if (mnt_fd == -ELOOP)
			err_hint(err, "a symbolic link is not allowed on the way to it");
		return mnt_fd;
	}
	r = mount_finish(run, mnt_fd, values, err);
	if (r < 0)
		return values->opts.flags & MOUNT_OPTIONAL ? (err_clear(err), 0) : r;
	run->slots[values->slot] = take_fd(&mnt_fd);
	return 0;
}

/* The container's side has a descriptor of the same tree: there is only one to map. */
int mount_idmap_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;

	if (run->slots[values->slot] < 0)
		return 0; /* optional, and not there */
	return mount_idmap(run, run->slots[values->slot], values, err);
}
