#include "pve/guest/guest.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { GUEST_FILE_LIMIT = 1 << 20 };

/* NULL: it is no regular file, or too big to be one of those that we read. */
static const char *read_open(struct arena *arena, int fd, struct stat *st)
{
	size_t got = 0;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, st) < 0 || !S_ISREG(st->st_mode) || st->st_size > GUEST_FILE_LIMIT)
		return NULL;
	text = arena_alloc(arena, (size_t)st->st_size + 1);
	while (got < (size_t)st->st_size &&
	       (n = read(fd, text + got, (size_t)st->st_size - got)) > 0)
		got += (size_t)n;
	return text;
}

const char *guest_read(struct arena *arena, const struct guest *guest, const char *path)
{
	cleanup_close int fd =
		sys_open_in_root(guest->root_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat st;

	return read_open(arena, fd, &st);
}

bool guest_exists(const struct guest *guest, const char *path)
{
	cleanup_close int fd = sys_open_in_root(guest->root_fd, path, O_PATH, 0);

	return fd >= 0;
}

bool guest_same(const struct guest *guest, const char *one, const char *other)
{
	cleanup_close int one_fd = sys_open_in_root(guest->root_fd, one, O_PATH, 0);
	cleanup_close int other_fd = sys_open_in_root(guest->root_fd, other, O_PATH, 0);
	struct stat first, second;

	return one_fd >= 0 && other_fd >= 0 && fstat(one_fd, &first) == 0 &&
	       fstat(other_fd, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

/* The folder that a path's last component is in; *@name points into @path. */
static int open_folder(const struct guest *guest, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = "/";

	if (slash && slash != path)
		(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	*name = slash ? slash + 1 : path;
	return sys_open_in_root(guest->root_fd, folder, O_RDONLY | O_DIRECTORY, 0);
}

bool guest_is_file(const struct guest *guest, const char *path)
{
	const char *name;
	cleanup_close int fd = open_folder(guest, path, &name);
	struct stat st;

	return fd >= 0 && fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static bool ignored(int folder_fd, const char *name)
{
	char marker[NAME_MAX + 16];
	struct stat st;

	(void)snprintf(marker, sizeof(marker), ".pve-ignore.%s", name);
	return fstatat(folder_fd, marker, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static bool is_like(const struct guest *guest, int folder_fd, const char *name, const char *text,
		    mode_t mode)
{
	cleanup_close int fd =
		openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	cleanup_(arena_free) struct arena arena = {};
	struct stat st;
	const char *old = read_open(&arena, fd, &st);

	return old && strcmp(old, text) == 0 && strlen(text) == (size_t)st.st_size &&
	       st.st_uid == guest->uid && st.st_gid == guest->gid && (st.st_mode & 07777) == mode;
}

static int write_beside(const struct guest *guest, int folder_fd, const char *name,
			const char *text, mode_t mode)
{
	cleanup_close int fd =
		openat(folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return -errno;
	r = write_all(fd, text, strlen(text));
	if (r == 0 && fchown(fd, guest->uid, guest->gid) < 0)
		r = -errno;
	if (r == 0 && fchmod(fd, mode) < 0)
		r = -errno;
	return r;
}

static void temporary(const char *name, char beside[NAME_MAX + 1])
{
	(void)snprintf(beside, NAME_MAX + 1, "%.200s.tmp.%d", name, (int)getpid());
}

int guest_write(const struct guest *guest, const char *path, const char *text, mode_t mode,
		struct err *err)
{
	const char *name;
	cleanup_close int fd = open_folder(guest, path, &name);
	char beside[NAME_MAX + 1];
	int r;

	if (fd < 0)
		return err_set(err, fd, "open the folder of %s in the guest", path);
	if (ignored(fd, name) || is_like(guest, fd, name, text, mode))
		return 0;
	temporary(name, beside);
	(void)unlinkat(fd, beside, 0); /* a leftover of a killed process with our pid */
	r = write_beside(guest, fd, beside, text, mode);
	if (r == 0 && renameat(fd, beside, fd, name) < 0)
		r = -errno;
	if (r == 0)
		return 0;
	(void)unlinkat(fd, beside, 0); /* the first failure is what counts */
	return err_set(err, r, "write %s in the guest", path);
}

int guest_remove(const struct guest *guest, const char *path, struct err *err)
{
	const char *name;
	cleanup_close int fd = open_folder(guest, path, &name);

	if (fd < 0)
		return fd == -ENOENT ? 0 : err_set(err, fd, "open the folder of %s", path);
	if (ignored(fd, name) || unlinkat(fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	return err_set(err, -errno, "remove %s in the guest", path);
}

int guest_link(const struct guest *guest, const char *path, const char *target, struct err *err)
{
	const char *name;
	cleanup_close int fd = open_folder(guest, path, &name);
	char beside[NAME_MAX + 1];

	if (fd < 0)
		return err_set(err, fd, "open the folder of %s in the guest", path);
	if (ignored(fd, name))
		return 0;
	temporary(name, beside);
	(void)unlinkat(fd, beside, 0);
	if (symlinkat(target, fd, beside) < 0 ||
	    fchownat(fd, beside, guest->uid, guest->gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    renameat(fd, beside, fd, name) < 0) {
		int r = -errno;

		(void)unlinkat(fd, beside, 0);
		return err_set(err, r, "link %s in the guest", path);
	}
	return 0;
}

int guest_make_dir(const struct guest *guest, const char *path, mode_t mode, struct err *err)
{
	const char *name;
	cleanup_close int fd = open_folder(guest, path, &name);

	if (fd < 0)
		return err_set(err, fd, "open the folder of %s in the guest", path);
	if (mkdirat(fd, name, mode) < 0)
		return errno == EEXIST ? 0 : err_set(err, -errno, "make %s in the guest", path);
	if (fchownat(fd, name, guest->uid, guest->gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(fd, name, mode, 0) < 0) /* whatever the umask is */
		return err_set(err, -errno, "own %s in the guest", path);
	return 0;
}

int guest_make_dirs(const struct guest *guest, const char *path, struct err *err)
{
	char above[PATH_MAX];
	int r = 0;

	for (const char *slash = strchr(path + 1, '/'); r == 0 && slash;
	     slash = strchr(slash + 1, '/')) {
		(void)snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path);
		r = guest_make_dir(guest, above, 0755, err);
	}
	return r < 0 ? r : guest_make_dir(guest, path, 0755, err);
}
