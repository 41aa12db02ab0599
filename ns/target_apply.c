#include "lib/err.h"
#include "lib/own.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/target.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum { LINKS_MAX = 40 }; /* the kernel's own limit, path_resolution(7) */

/* A walk through the container's tree; @done has no links and no "..", and exists. */
struct walk {
	int root_fd;
	int at_fd;
	unsigned int flags;
	unsigned int links;
	struct text done;
	char *rest; /* owned */
};

static int step_into(struct walk *walk, const char *name)
{
	int fd = openat(walk->at_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int step_up(struct walk *walk)
{
	char *slash = walk->done.at ? strrchr(walk->done.at, '/') : NULL;

	if (slash) {
		*slash = '\0';
		walk->done.length = (size_t)(slash - walk->done.at);
	}
	return sys_open_real(walk->root_fd, walk->done.length ? walk->done.at : "/", O_PATH);
}

static int make(struct walk *walk, const char *name, bool last)
{
	int fd;

	if (walk->flags & TARGET_REQUIRED)
		return -ENOENT;
	if (last && walk->flags & TARGET_FILE) {
		fd = openat(walk->at_fd, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_RDONLY,
			    0644);
		if (fd < 0 && errno != EEXIST)
			return -errno;
		close_fd(fd);
	} else if (mkdirat(walk->at_fd, name, 0755) < 0 && errno != EEXIST) {
		return -errno;
	}
	return step_into(walk, name);
}

/* The link's text goes in front of what is left to walk. */
static int follow(struct walk *walk, int link_fd)
{
	char text[PATH_MAX];
	cleanup_(text_free) struct text rest = {};
	ssize_t length = readlinkat(link_fd, "", text, sizeof(text) - 1);

	if (length < 0)
		return -errno;
	if (++walk->links > LINKS_MAX || walk->flags & TARGET_REAL)
		return -ELOOP;
	text[length] = '\0';
	text_addf(&rest, "%s/%s", text, walk->rest);
	free(walk->rest);
	walk->rest = text_take(&rest);
	if (text[0] != '/')
		return 0;
	close_fd(walk->at_fd);
	text_clear(&walk->done);
	walk->at_fd = sys_open_real(walk->root_fd, "/", O_PATH);
	return walk->at_fd < 0 ? walk->at_fd : 0;
}

static int advance(struct walk *walk, const char *name)
{
	const bool last = walk->rest[strspn(walk->rest, "/")] == '\0';
	cleanup_close int fd = -EBADF;
	struct stat st;

	if (strcmp(name, "..") == 0) {
		fd = step_up(walk);
	} else {
		fd = step_into(walk, name);
		if (fd == -ENOENT)
			fd = make(walk, name, last);
		if (fd >= 0 && fstat(fd, &st) < 0)
			return -errno;
		if (fd >= 0 && S_ISLNK(st.st_mode))
			return follow(walk, fd);
		if (fd >= 0)
			text_addf(&walk->done, "/%s", name);
	}
	if (fd < 0)
		return fd;
	close_fd(walk->at_fd);
	walk->at_fd = take_fd(&fd);
	return 0;
}

static int walk_all(struct walk *walk)
{
	char name[NAME_MAX + 1];
	int r = 0;

	while (r == 0) {
		const char *start = walk->rest + strspn(walk->rest, "/");
		size_t length = strcspn(start, "/");

		if (length == 0)
			return 0;
		if (length > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, start, length);
		name[length] = '\0';
		memmove(walk->rest, start + length, strlen(start + length) + 1);
		if (strcmp(name, ".") != 0)
			r = advance(walk, name);
	}
	return r;
}

/* The kernel's lookup said that something is missing: find out what, and make it. */
static int walk_and_make(int root_fd, const char *path, unsigned int flags)
{
	struct walk walk = {.root_fd = root_fd, .flags = flags, .rest = strdup(path)};
	int r = walk.rest ? 0 : -ENOMEM;

	walk.at_fd = sys_open_real(root_fd, "/", O_PATH);
	if (r == 0)
		r = walk.at_fd < 0 ? walk.at_fd : walk_all(&walk);
	free(walk.rest);
	text_free(&walk.done);
	if (r == 0)
		return walk.at_fd;
	close_fd(walk.at_fd);
	return r;
}

static int look(int root_fd, const char *path, unsigned int flags)
{
	return flags & TARGET_REAL ? sys_open_real(root_fd, path, O_PATH)
				   : sys_open_in_root(root_fd, path, O_PATH, 0);
}

int target_open(int root_fd, const char *path, unsigned int flags, struct err *err)
{
	int fd = look(root_fd, path, flags);

	if (fd == -ENOENT && !(flags & TARGET_REQUIRED))
		fd = walk_and_make(root_fd, path, flags);
	if (fd >= 0)
		return fd;
	err_sys(err, fd, "openat2", "open %s in the container", path);
	if (fd == -ELOOP && flags & TARGET_REAL)
		err_hint(err, "a symbolic link is not allowed on the way there");
	else if (fd == -ELOOP)
		err_hint(err, "a symbolic link there leads to itself: remove it in the root file "
			      "system");
	if (fd == -ENOTDIR)
		err_hint(err, "a file stands in the place of a directory on the way there: remove "
			      "it in the root file system, or choose another target");
	if (fd == -EROFS)
		err_hint(err, "make it in the root file system, which is read-only");
	return fd;
}

int target_parent(int root_fd, const char *path, unsigned int flags, const char **name,
		  struct err *err)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *parent = strndup(path, (size_t)(slash - path));

	if (!parent)
		return err_set(err, -ENOMEM, "open the folder of %s", path);
	*name = slash + 1;
	return target_open(root_fd, *parent ? parent : "/", flags, err);
}

static int mount_id(int fd, const char *name, uint64_t *id)
{
	struct statx info;

	if (statx(fd, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_MNT_ID, &info) < 0)
		return -errno;
	*id = info.stx_mnt_id;
	return 0;
}

/* Somebody may have renamed a folder on the way meanwhile: then the mount is elsewhere. */
static int verify(int fd, const char *name, const char *path, int mnt_fd, struct err *err)
{
	uint64_t want = 0, got = 0;
	int r = fd < 0 ? fd : mount_id(fd, name, &got);

	if (r == 0)
		r = mount_id(mnt_fd, "", &want);
	if (r < 0)
		return err_set(err, r, "look at the mounted %s", path);
	if (want != got)
		return err_plain(err, -EXDEV, "%s changed while it was mounted on", path);
	return 0;
}

/* move_mount(2) says EINVAL for a file on a directory and the reverse, where mount(2) had ENOTDIR.
 */
static bool kinds_differ(int mnt_fd, int fd, const char *name)
{
	struct stat a, b;

	return fstat(mnt_fd, &a) == 0 && fstatat(fd, name, &b, AT_EMPTY_PATH) == 0 &&
	       S_ISDIR(a.st_mode) != S_ISDIR(b.st_mode);
}

static int attach(int mnt_fd, int fd, const char *name, const char *path, struct err *err)
{
	int r = sys_move_mount(mnt_fd, fd, name);

	if (r == 0)
		return 0;
	if (r == -EINVAL && kinds_differ(mnt_fd, fd, name))
		r = -ENOTDIR;
	err_sys(err, r, "move_mount", "attach to %s", path);
	if (r == -ENOTDIR)
		err_hint(err, "one of source and mount point is a directory, the other is not");
	return r;
}

int target_attach(int root_fd, const char *path, int target_fd, int mnt_fd, struct err *err)
{
	int r = attach(mnt_fd, target_fd, "", path, err);
	cleanup_close int found_fd = r < 0 ? r : sys_open_in_root(root_fd, path, O_PATH, 0);

	return r < 0 ? r : verify(found_fd, "", path, mnt_fd, err);
}

/* ------------------------------------------------------------------ places */

void place_clear(struct place *place)
{
	if (!place->borrowed)
		place->fd = close_fd(place->fd);
}

static int folder_fd(const struct run *run, const struct target *target)
{
	const int slot = target->folder_slot;

	return slot < 0 || (size_t)slot >= run->slot_count ? -EBADF : run->slots[slot];
}

static bool is_deep(const struct target *target)
{
	return strchr(target->name, '/');
}

/* Return: whether the file system that it is right below is open. */
static bool settle(const struct run *run, const struct target *target, struct place *place)
{
	const int fd = is_deep(target) ? -EBADF : folder_fd(run, target);

	*place = (struct place){
		.fd = fd, .name = target->name, .borrowed = fd >= 0, .settled = fd >= 0};
	return place->settled;
}

static int find_whole(const struct run *run, const struct target *target)
{
	const int folder = folder_fd(run, target);
	int fd = -ELOOP;

	if (folder >= 0 && is_deep(target))
		fd = sys_open_real(folder, target->name, O_PATH);
	return fd == -ELOOP ? sys_open_in_root(run->root_fd, target->path, O_PATH, 0) : fd;
}

/* A link is for the way that keeps it inside the root. */
static int look_at(struct place *place)
{
	struct stat st;

	if (fstatat(place->fd, place->name, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0)
		return -errno;
	place->mode = st.st_mode;
	return S_ISLNK(st.st_mode) ? -ELOOP : 0;
}

int place_find(const struct run *run, const struct target *target, struct place *place,
	       struct err *err)
{
	int r = settle(run, target, place) ? look_at(place) : -ELOOP;

	if (r == -ELOOP) {
		*place = (struct place){.name = ""};
		place->fd = find_whole(run, target);
		r = place->fd < 0 ? place->fd : look_at(place);
	}
	if (r == 0)
		return 0;
	place_clear(place);
	if (r == -ENOENT || r == -ENOTDIR)
		return -ENOENT;
	return err_set(err, r, "open %s in the container", target->path);
}

static int make_settled(struct place *place, unsigned int flags)
{
	int r = flags & TARGET_FILE ? mknodat(place->fd, place->name, S_IFREG | 0644, 0)
				    : mkdirat(place->fd, place->name, 0755);

	return r == 0 ? 0 : look_at(place);
}

int place_make(const struct run *run, const struct target *target, unsigned int flags,
	       struct place *place, struct err *err)
{
	if (settle(run, target, place) && make_settled(place, flags) == 0)
		return 0;
	*place = (struct place){.fd = run->root_fd, .name = target->name, .borrowed = true};
	if (target->top && look_at(place) == 0)
		return 0;
	*place = (struct place){.name = ""};
	place->fd = target_open(run->root_fd, target->path, flags, err);
	return place->fd < 0 ? place->fd : 0;
}

int place_folder(const struct run *run, const struct target *target, unsigned int flags,
		 struct place *place, struct err *err)
{
	if (settle(run, target, place))
		return 0;
	place->fd = target_parent(run->root_fd, target->path, flags, &place->name, err);
	return place->fd < 0 ? place->fd : 0;
}

/* Slots stay open until nothing is mounted any more. */
int place_enter(struct run *run, const struct place *place)
{
	if (!place->settled)
		return -EXDEV;
	if (run->cwd_fd != place->fd && fchdir(place->fd) < 0)
		return -errno;
	run->cwd_fd = place->fd;
	return 0;
}

int place_attach(const struct run *run, const struct target *target, const struct place *place,
		 int mnt_fd, struct err *err)
{
	int r;

	if (!place->borrowed)
		return target_attach(run->root_fd, target->path, place->fd, mnt_fd, err);
	r = attach(mnt_fd, place->fd, place->name, target->path, err);
	return r < 0 || place->settled ? r
				       : verify(place->fd, place->name, target->path, mnt_fd, err);
}
