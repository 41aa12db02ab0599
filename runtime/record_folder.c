#include "runtime/record.h"

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/flock.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

enum { LOCK_SECONDS = 10, ID_MAX = 255 };

static const char id_first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-";
static const char id_rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";

int record_id_check(const char *id, struct err *err)
{
	size_t length = strlen(id);

	if (length > 0 && length <= ID_MAX && strchr(id_first, id[0]) &&
	    strspn(id, id_rest) == length)
		return 0;
	return err_plain(
		err, -EINVAL,
		"invalid container ID format: '%s' (at most %d letters, digits and _ + - ., "
		"the dot not first)",
		id, ID_MAX);
}

/* Root of a user namespace is either a nested system's, with a /run of its own, or a user that an
 * engine made root there. */
static bool is_rootless(void)
{
	return geteuid() != 0 || access("/run", W_OK) < 0;
}

const char *runtime_root(struct arena *arena, const char *option)
{
	const char *env = getenv("PCTRUN_ROOT"), *xdg = getenv("XDG_RUNTIME_DIR");

	if (option && *option)
		return option;
	if (env && *env)
		return arena_strdup(arena, env);
	if (xdg && *xdg && is_rootless())
		return arena_printf(arena, "%s/pctrun", xdg);
	return "/run/pctrun";
}

static void folder_path(const struct runtime *runtime, const char *id, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/%s", runtime->root, id);
}

static int lock_folder(int state_fd, const char *id, struct err *err)
{
	const int r = flock_wait(state_fd, deadline_in(LOCK_SECONDS));

	if (r == -ETIMEDOUT)
		return err_plain(err, -EBUSY,
				 "container %s is being made or removed by another process", id);
	return r < 0 ? err_set(err, r, "lock container %s", id) : 0;
}

static bool is_there(const struct runtime *runtime, const char *id, const struct stat *folder)
{
	struct stat there;
	char path[PATH_MAX];

	folder_path(runtime, id, path);
	return stat(path, &there) == 0 && folder->st_dev == there.st_dev &&
	       folder->st_ino == there.st_ino;
}

bool record_folder_gone(const struct runtime *runtime, const char *id, int state_fd)
{
	struct stat folder;

	return fstat(state_fd, &folder) < 0 || !is_there(runtime, id, &folder);
}

static int open_failed(const char *path, const char *id, int num, struct err *err)
{
	if (num == -ENOENT)
		return err_plain(err, num, "container %s does not exist", id);
	err_set(err, num, "open %s", path);
	if (num == -EACCES)
		err_hint(err, "the container is another user's");
	return num;
}

/* What stands in the folder is obeyed: pids are killed, directories removed. */
static int check_owner(int state_fd, struct stat *folder, const char *id, struct err *err)
{
	if (fstat(state_fd, folder) < 0)
		return err_set(err, -errno, "look at container %s", id);
	if (folder->st_uid != geteuid())
		return err_plain(err, -EPERM,
				 "container %s belongs to uid %u: only that may use it", id,
				 folder->st_uid);
	if (folder->st_mode & 0022)
		return err_plain(err, -EPERM, "container %s: others may write to its folder", id);
	return 0;
}

int record_folder_lock(const struct runtime *runtime, const char *id, int state_fd, struct err *err)
{
	int r = lock_folder(state_fd, id, err);

	if (r == 0 && record_folder_gone(runtime, id, state_fd))
		r = err_plain(err, -EBUSY, "container %s was removed meanwhile", id);
	return r;
}

static int make_failed(const char *path, int num, struct err *err)
{
	file_failed(AT_FDCWD, path, num, err, "make");
	if (num == -EACCES)
		err_hint(err,
			 "an ordinary user needs XDG_RUNTIME_DIR in the environment, or --root");
	return num;
}

int record_folder_make(const struct runtime *runtime, const char *id, int *state_fd,
		       struct err *err)
{
	char path[PATH_MAX];
	int r, fd;

	r = record_id_check(id, err);
	if (r < 0)
		return r;
	folder_path(runtime, id, path);
	r = mkdir(path, 0700) < 0 ? -errno : 0;
	if (r == -ENOENT) {
		r = make_dirs(runtime->root, 0700, NULL);
		if (r == 0)
			r = mkdir(path, 0700) < 0 ? -errno : 0;
	}
	if (r == -EEXIST)
		return err_plain(err, r, "container with given ID already exists: %s", id);
	if (r < 0)
		return make_failed(path, r, err);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "open %s", path);
	/* Somebody looks at what we just made, or removes it. */
	r = flock(fd, LOCK_EX | LOCK_NB) < 0 ? record_folder_lock(runtime, id, fd, err) : 0;
	if (r < 0) {
		close_fd(fd);
		return r;
	}
	*state_fd = fd;
	return 0;
}

int record_folder_open(const struct runtime *runtime, const char *id, bool lock, int *state_fd,
		       struct err *err)
{
	struct stat folder;
	char path[PATH_MAX];
	int r, fd;

	r = record_id_check(id, err);
	if (r < 0)
		return r;
	folder_path(runtime, id, path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return open_failed(path, id, -errno, err);
	r = check_owner(fd, &folder, id, err);
	if (r == 0 && lock)
		r = lock_folder(fd, id, err);
	if (r == 0 && lock && !is_there(runtime, id, &folder)) /* gone while we waited */
		r = err_plain(err, -ENOENT, "container %s does not exist", id);
	if (r < 0) {
		close_fd(fd);
		return r;
	}
	*state_fd = fd;
	return 0;
}

/* Its files by their names: mostly that is all, and no list has to be read. */
static bool remove_files(const char *folder)
{
	static const char *const names[] = {"state.json", "config.json", "journal"};
	char path[PATH_MAX + 16];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path); /* what is left over or strange is for remove_tree() */
	}
	return rmdir(folder) == 0;
}

int record_folder_remove(const struct runtime *runtime, const char *id, struct err *err)
{
	char path[PATH_MAX];
	int r;

	folder_path(runtime, id, path);
	r = remove_files(path) ? 0 : remove_tree(AT_FDCWD, path);
	return r < 0 ? err_set(err, r, "remove %s", path) : 0;
}
