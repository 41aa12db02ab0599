#include "lib/err.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/mount.h"
#include "ns/mount_new.h"
#include "ns/target.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* On the container's side, with all its namespaces; the host's tree is still "/". */

static unsigned int target_flags(const struct mount_values *values, int mnt_fd)
{
	unsigned int flags = 0;
	struct stat st;

	if (values->real_directory || values->opts.flags & MOUNT_NO_SYMLINKS)
		flags |= TARGET_REAL;
	if (values->opts.flags & MOUNT_CREATE_FILE)
		flags |= TARGET_FILE;
	else if (!(values->opts.flags & MOUNT_CREATE_DIR) && mnt_fd >= 0 &&
		 fstat(mnt_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		flags |= TARGET_FILE;
	return flags;
}

/*
 * Usually the place is there, and then what it would be made as needs no look at the source. A
 * link in the guest that leads into /proc must not make a hole of what is masked there.
 */
static int find_place(struct run *run, const struct mount_values *values, int mnt_fd,
		      struct place *place, struct err *err)
{
	const unsigned int flags = target_flags(values, mnt_fd);
	struct statfs fs;
	int r = place_make(run, &values->target, flags, place, err);

	if (r < 0 || place->borrowed || flags & TARGET_REAL || values->proc_allowed)
		return r;
	if (fstatfs(place->fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return err_plain(err, -EPERM, "%s leads into the container's /proc",
				 values->destination);
	return 0;
}

/* An inner bind's source is in the container: looked up at its turn, as earlier mounts made it. */
static int bind_inner(struct run *run, const struct mount_values *values, struct err *err)
{
	cleanup_close int from_fd = -EBADF;
	cleanup_close int mnt_fd = -EBADF;
	unsigned int flags = OPEN_TREE_CLONE | AT_EMPTY_PATH;
	int r;

	from_fd = target_open(run->root_fd, values->source, TARGET_REQUIRED, err);
	if (from_fd < 0)
		return from_fd;
	if (values->opts.flags & MOUNT_RECURSIVE)
		flags |= AT_RECURSIVE;
	mnt_fd = sys_open_tree(from_fd, "", flags);
	if (mnt_fd < 0)
		return err_set(err, mnt_fd, "clone %s of the container", values->source);
	r = mount_finish(run, mnt_fd, values, err);
	return r < 0 ? r : take_fd(&mnt_fd);
}

/* A tmpfs over an existing directory keeps its mode, unless another is asked for. */
static const char *tmpfs_data(const struct mount_values *values, const struct place *place,
			      char *buffer, size_t size)
{
	const char *data = values->opts.data;
	struct stat st;

	if (strcmp(values->type, "tmpfs") != 0 || strncmp(data, "mode=", 5) == 0 ||
	    strstr(data, ",mode=") || fstatat(place->fd, place->name, &st, AT_EMPTY_PATH) < 0)
		return data;
	if (snprintf(buffer, size, "mode=%o,%s", st.st_mode & 07777, data) >= (int)size)
		return data;
	return buffer;
}

/* What stands for a file system that the kernel doesn't let the container make: the host's. */
static int substitute(struct run *run, const struct mount_values *values, int num)
{
	struct mount_attr attr = {
		.attr_set = values->opts.set | values->opts.set_recursive | MOUNT_ATTR_NOSUID |
			    MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
	};
	const char *path = NULL;
	int fd, r;

	if (values->cgroup_fallback && (num == -EPERM || num == -EBUSY)) {
		path = values->cgroup_root;
		attr.attr_set |= MOUNT_ATTR_RDONLY;
	} else if (strcmp(values->type, "sysfs") == 0 && num == -EPERM) {
		path = "/sys"; /* somebody else's network namespace */
	} else if (values->shared_proc && num == -EPERM) {
		path = "/proc";
	}
	if (!path)
		return num;
	fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE);
	r = fd < 0 ? fd : sys_mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr);
	if (r == 0)
		return fd;
	close_fd(fd);
	return num;
}

static int make_new(struct run *run, const struct mount_values *values, const char *data,
		    struct err *err)
{
	int fd, substitute_fd;

	fd = mount_new(values, data, err);
	if (fd >= 0)
		return fd;
	substitute_fd = substitute(run, values, fd);
	if (substitute_fd >= 0)
		err_clear(err);
	else if (fd == -EPERM && strcmp(values->type, "proc") == 0)
		err_hint(err, "in a user namespace the kernel wants a pid namespace made there, "
			      "and nothing mounted on parts of the caller's /proc");
	return substitute_fd;
}

static int remount(struct run *run, const struct mount_values *values, struct err *err)
{
	cleanup_close int fd = -EBADF;

	fd = target_open(run->root_fd, values->destination, TARGET_REQUIRED, err);
	return fd < 0 ? fd : mount_finish(run, fd, values, err);
}

/* The mounted tree's root looks like the directory that it covers. */
static int keep_attrs(int target_fd, int mnt_fd, struct err *err)
{
	cleanup_close int fd = openat(mnt_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(target_fd, &st) < 0 || fchown(fd, st.st_uid, st.st_gid) < 0 ||
	    fchmod(fd, st.st_mode & 07777) < 0)
		return err_set(err, -errno, "keep owner and mode of the mount point");
	return 0;
}

/*
 * Where nobody else can put the place elsewhere, and nothing wants the mount's descriptor,
 * mount(2) does in one call what takes the newer ones up to nine. It doesn't say which option is
 * wrong: what it refuses is tried once more by those. Three attributes have the same bits for both.
 */
static bool mount_at_once(struct run *run, const struct mount_values *values,
			  const struct place *place, const char *data)
{
	const struct mount_opts *opts = &values->opts;
	const uint64_t attributes = opts->set | opts->set_recursive;

	return values->kept_slot < 0 && values->source && !values->context &&
	       !(opts->flags & (MOUNT_COPY_UP | MOUNT_KEEP_ATTRS)) && !opts->propagation &&
	       !opts->propagation_recursive &&
	       !(attributes & ~(uint64_t)(MS_NOSUID | MS_NODEV | MS_NOEXEC)) &&
	       place_enter(run, place) == 0 &&
	       mount(values->source, place->name, values->type, attributes, data) == 0;
}

/*
 * The directory of a bind may have to be made as what its source is, so the source comes first;
 * a new tmpfs may have to look like its directory, so the directory comes first.
 * Return: 1 when it is mounted already.
 */
static int get_tree(struct run *run, const struct mount_values *values, int *mnt_fd,
		    struct place *place, struct err *err)
{
	char buffer[512];
	const char *data;
	int r;

	if (!values->type) {
		*mnt_fd = values->slot >= 0 ? take_fd(&run->slots[values->slot])
					    : bind_inner(run, values, err);
		if (*mnt_fd < 0)
			return *mnt_fd;
	}
	r = find_place(run, values, *mnt_fd, place, err);
	if (r < 0)
		return r;
	if (values->type) {
		data = tmpfs_data(values, place, buffer, sizeof(buffer));
		if (mount_at_once(run, values, place, data))
			return 1;
		*mnt_fd = make_new(run, values, data, err);
	}
	return *mnt_fd < 0 ? *mnt_fd : 0;
}

static int mount_one(struct run *run, const struct mount_values *values, struct err *err)
{
	cleanup_close int mnt_fd = -EBADF;
	cleanup_(place_clear) struct place place = {.fd = -EBADF};
	int r;

	r = get_tree(run, values, &mnt_fd, &place, err);
	if (r > 0)
		return 0;
	if (r == 0 && values->opts.flags & MOUNT_COPY_UP)
		r = copy_up(place.fd, mnt_fd, err);
	if (r == 0 && values->opts.flags & MOUNT_KEEP_ATTRS)
		r = keep_attrs(place.fd, mnt_fd, err);
	if (r == 0)
		r = place_attach(run, &values->target, &place, mnt_fd, err);
	if (r == 0 && values->kept_slot >= 0)
		run->slots[values->kept_slot] = take_fd(&mnt_fd);
	return r;
}

int mount_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;
	int r;

	r = values->opts.flags & MOUNT_REMOUNT ? remount(run, values, err)
					       : mount_one(run, values, err);
	if (r < 0 && values->opts.flags & MOUNT_OPTIONAL) {
		err_clear(err);
		return 0;
	}
	return r;
}

/* One that processes use goes when they no longer do. */
int mount_revert(const struct step *step, struct run *run, struct err *err)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;
	int r = sys_umount(values->destination, SYS_UMOUNT_DETACH | SYS_UMOUNT_NOFOLLOW);

	return r < 0 && r != -EINVAL && r != -ENOENT
		       ? err_set(err, r, "unmount %s", values->destination)
		       : 0;
}
