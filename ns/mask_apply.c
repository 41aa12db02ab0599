#include "lib/err.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/dev.h"
#include "ns/mask.h"
#include "ns/mount_new.h"
#include "ns/target.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { NULL_MAJOR = 1, NULL_MINOR = 3 };

static const struct mask_step *mask_of(const struct step *step)
{
	return container_of(step, struct mask_step, step);
}

/* Verified here, on the host's side, where nobody in the container could have put another. */
int mask_null_apply(const struct step *step, struct run *run, struct err *err)
{
	int fd =
		dev_open_host("/dev/null", S_IFCHR, NULL_MAJOR, NULL_MINOR, MOUNT_ATTR_RDONLY, err);

	if (fd < 0)
		return fd;
	run->slots[mask_of(step)->null_slot] = fd;
	return 0;
}

static const char empty[] = "nr_inodes=1,mode=0555";

static int empty_directory(int *slot, struct err *err)
{
	if (*slot < 0)
		*slot = mount_new_simple("tmpfs", empty,
					 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
						 MOUNT_ATTR_NOEXEC,
					 err);
	return *slot < 0 ? *slot : 0;
}

/* The first one right where it belongs, and opened there for the next. Return: whether it is. */
static bool empty_at_once(struct run *run, const struct place *place, int *slot)
{
	if (*slot >= 0 || place_enter(run, place) < 0 ||
	    mount("tmpfs", place->name, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  empty) < 0)
		return false;
	*slot = openat(place->fd, place->name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return true;
}

/*
 * One tree is used for every mask of its kind. The kernel clones only what is in our mount
 * namespace and says EINVAL to a detached tree of another one: that is the first use, and the
 * tree itself goes there. Our descriptor stays on it for the next.
 */
static int attach_shared(struct run *run, const struct target *target, const struct place *place,
			 int shared_fd, struct err *err)
{
	cleanup_close int clone_fd = sys_open_tree(shared_fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);

	if (clone_fd < 0 && clone_fd != -EINVAL)
		return err_set(err, clone_fd, "clone the mask");
	return place_attach(run, target, place, clone_fd < 0 ? shared_fd : clone_fd, err);
}

int mask_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mask_step *mask = mask_of(step);
	cleanup_(place_clear) struct place place = {.fd = -EBADF};
	int r = place_find(run, &mask->target, &place, err);
	int slot = mask->null_slot;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (S_ISDIR(place.mode)) {
		slot = mask->empty_slot;
		if (empty_at_once(run, &place, &run->slots[slot]))
			return 0;
		r = empty_directory(&run->slots[slot], err);
	}
	return r < 0 ? r : attach_shared(run, &mask->target, &place, run->slots[slot], err);
}

static int clone_place(const struct place *place, const char *path, struct err *err)
{
	int tree =
		sys_open_tree(place->fd, place->name,
			      OPEN_TREE_CLONE | AT_EMPTY_PATH | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);

	return tree < 0 ? err_set(err, tree, "clone %s", path) : tree;
}

/* Where the name can't become another one's meanwhile the kernel looks it up itself. */
static int bind_readonly(const struct place *place, struct mount_attr *attr)
{
	if (mount(place->name, place->name, NULL, MS_BIND | MS_REC, NULL) < 0)
		return -errno;
	return sys_mount_setattr(place->fd, place->name, AT_SYMLINK_NOFOLLOW, attr);
}

int readonly_apply(const struct step *step, struct run *run, struct err *err)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	const struct target *target = &mask_of(step)->target;
	cleanup_(place_clear) struct place place = {.fd = -EBADF};
	cleanup_close int tree = -EBADF;
	int r = place_find(run, target, &place, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (place_enter(run, &place) == 0) {
		r = bind_readonly(&place, &attr);
		return r < 0 ? err_set(err, r, "make %s read-only", target->path) : 0;
	}
	tree = clone_place(&place, target->path, err);
	if (tree < 0)
		return tree;
	r = sys_mount_setattr(tree, "", AT_EMPTY_PATH, &attr);
	if (r < 0)
		return err_set(err, r, "make %s read-only", target->path);
	return place_attach(run, target, &place, tree, err);
}

int writable_keep_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mask_step *mask = mask_of(step);
	struct mount_attr attr = {.attr_clr = MOUNT_ATTR_RDONLY};
	cleanup_(place_clear) struct place place = {.fd = -EBADF};
	cleanup_close int tree = -EBADF;
	int r = place_find(run, &mask->target, &place, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	tree = clone_place(&place, mask->path, err);
	if (tree < 0)
		return tree;
	/* The mount around it may be read-only itself, as Proxmox's /sys is. */
	r = sys_mount_setattr(tree, "", AT_EMPTY_PATH, &attr);
	if (r < 0)
		return err_set(err, r, "make %s writable", mask->path);
	run->slots[mask->kept_slot] = take_fd(&tree);
	return 0;
}

int writable_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mask_step *mask = mask_of(step);
	cleanup_close int tree = take_fd(&run->slots[mask->kept_slot]);
	cleanup_close int fd = -EBADF;

	if (tree < 0)
		return 0; /* the container hasn't got it */
	fd = target_open(run->root_fd, mask->path, TARGET_REQUIRED, err);
	return fd < 0 ? fd : target_attach(run->root_fd, mask->path, fd, tree, err);
}
