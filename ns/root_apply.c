#include "lib/err.h"
#include "lib/explain.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/mount_new.h"
#include "ns/root.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { UMASK_DEFAULT = 0022 };

int root_open_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mount_values *values = &container_of(step, struct root_step, step)->values;
	cleanup_close int fd = -EBADF;
	int r;

	if (values->volume_slot >= 0)
		fd = take_fd(&run->slots[values->volume_slot]);
	else
		fd = sys_open_tree(AT_FDCWD, values->source, OPEN_TREE_CLONE | AT_RECURSIVE);
	if (fd < 0) {
		err_sys(err, fd, "open_tree", "open the root file system");
		explain_path(err, values->source);
		if (fd == -EPERM)
			err_hint(err, "this needs CAP_SYS_ADMIN");
		if (fd == -ENOENT || fd == -ENOTDIR)
			err_hint(err, "put the root file system there, or name its folder in "
				      "root.path");
		return fd;
	}
	r = mount_finish(run, fd, values, err);
	if (r < 0)
		return r;
	close_fd(run->root_fd);
	run->root_fd = take_fd(&fd);
	return 0;
}

int root_idmap_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct root_step *root = container_of(step, struct root_step, step);

	return mount_idmap(run, run->root_fd, &root->values, err);
}

/* In a new user namespace the kernel has already made slaves of all copied mounts. */
static int cut_off(const struct root_step *root, struct err *err)
{
	struct mount_attr attr = {.propagation = root->host_propagation};
	int r;

	if (root->own_tree)
		return 0;
	r = sys_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr);
	return r < 0 ? err_set(err, r, "cut the mounts off from the host's") : 0;
}

/*
 * Where hooks expect the root is on its own path; a container without the right to search the way
 * there gets it on top of "/", as does one that can't pivot and is to be left with one "/".
 */
int root_attach_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct root_step *root = container_of(step, struct root_step, step);
	int r;

	r = cut_off(root, err);
	if (r < 0)
		return r;
	r = root->no_pivot ? -EACCES : sys_move_mount(run->root_fd, AT_FDCWD, root->values.source);
	if (r < 0)
		r = sys_move_mount(run->root_fd, AT_FDCWD, "/");
	if (r < 0)
		return err_set(err, r, "attach the root file system");
	(void)umask(0); /* modes are meant as written, until root.pivot */
	return 0;
}

static int pivot(struct err *err)
{
	int r = sys_pivot_root(".", ".");

	if (r < 0) {
		err_set(err, r, "make it the root");
		if (r == -EINVAL)
			err_hint(err, "on an initramfs use --no-pivot");
		return r;
	}
	/* Old and new root are stacked on one another now; the upper one is the old. */
	r = sys_umount(".", SYS_UMOUNT_DETACH);
	return r < 0 ? err_set(err, r, "detach the host's root") : 0;
}

/*
 * Without pivot_root(2) the host's tree stays below. Its whole /proc and /sys would let a user
 * namespace mount new ones of its own (mount_too_revealing() in the kernel), so they go.
 */
static int hide(const char *path, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r = sys_umount(path, SYS_UMOUNT_DETACH);

	if (r != -EPERM && r != -EINVAL)
		return r < 0 && r != -ENOENT ? err_set(err, r, "detach the host's %s", path) : 0;
	fd = mount_new_simple("tmpfs", "size=0,nr_inodes=1", MOUNT_ATTR_RDONLY, err);
	if (fd < 0)
		return fd;
	r = sys_move_mount(fd, AT_FDCWD, path);
	return r < 0 && r != -ENOENT ? err_set(err, r, "cover the host's %s", path) : 0;
}

static int enter_without_pivot(struct err *err)
{
	int r = hide("/proc", err);

	if (r == 0)
		r = hide("/sys", err);
	if (r == 0 && chroot(".") < 0)
		r = err_set(err, -errno, "change the root");
	return r;
}

static int set_root(unsigned int flags, struct mount_attr attr, const char *what, struct err *err)
{
	int r = sys_mount_setattr(AT_FDCWD, "/", flags, &attr);

	return r < 0 ? err_set(err, r, "%s", what) : 0;
}

int root_pivot_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct root_step *root = container_of(step, struct root_step, step);
	int r;

	(void)umask(UMASK_DEFAULT);
	if (fchdir(run->root_fd) < 0)
		return err_set(err, -errno, "enter the root");
	r = root->no_pivot ? enter_without_pivot(err) : pivot(err);
	if (r == 0 && chdir("/") < 0)
		r = err_set(err, -errno, "enter the root");
	if (r == 0 && root->propagation)
		r = set_root(root->propagation_recursive ? AT_RECURSIVE : 0,
			     (struct mount_attr){.propagation = root->propagation},
			     "set the root's propagation", err);
	if (r == 0 && root->readonly)
		r = set_root(0, (struct mount_attr){.attr_set = MOUNT_ATTR_RDONLY},
			     "make the root read-only", err);
	return r;
}
