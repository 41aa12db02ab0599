#include "lib/file.h"

#include "lib/err.h"
#include "lib/fds.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { READ_LIMIT = 64 << 20, READ_FIRST = 4096 };

/* Files of /proc and /sys say that they have no size: read until the end. */
static int read_rest(struct arena *arena, int fd, size_t limit, const char **text, size_t *length)
{
	size_t room = READ_FIRST, got = 0, size = 0;
	struct stat st;
	char *buffer;
	ssize_t n;

	if (fstat(fd, &st) == 0 && st.st_size > 0 && (size_t)st.st_size <= limit) {
		size = (size_t)st.st_size;
		room = size + 1;
	}
	buffer = arena_alloc(arena, room + 1);
	while ((size == 0 || got != size) && (n = read(fd, buffer + got, room - got)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		got += (size_t)n;
		if (got > limit)
			return -EFBIG;
		if (got == room) {
			char *larger = arena_alloc(arena, 2 * room + 1);

			memcpy(larger, buffer, got);
			buffer = larger;
			room *= 2;
		}
	}
	buffer[got] = '\0';
	*text = buffer;
	if (length)
		*length = got;
	return 0;
}

int file_read(struct arena *arena, int dir_fd, const char *path, size_t limit, const char **text,
	      size_t *length, struct err *err)
{
	cleanup_close int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r;

	if (fd < 0)
		return err_set(err, -errno, "open %s", path);
	r = read_rest(arena, fd, limit ? limit : READ_LIMIT, text, length);
	return r < 0 ? err_set(err, r, "read %s", path) : 0;
}

ssize_t file_line(int dir_fd, const char *path, char *buffer, size_t size)
{
	cleanup_close int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buffer, size - 1);
	if (n < 0)
		return -errno;
	buffer[n] = '\0';
	buffer[strcspn(buffer, "\n")] = '\0';
	return (ssize_t)strlen(buffer);
}

int file_write(int dir_fd, const char *path, const char *text)
{
	cleanup_close int fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	size_t length = strlen(text);
	ssize_t n;

	if (fd < 0)
		return -errno;
	do
		n = write(fd, text, length);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == length ? 0 : -EIO;
}

int read_to_end(int fd, struct text *text)
{
	char buffer[4096];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			text_addn(text, buffer, (size_t)n);
	}
	return 0;
}

int write_all(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length > 0) {
		ssize_t n = write(fd, at, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		length -= (size_t)n;
	}
	return 0;
}

static int write_new(int dir_fd, const char *path, const char *text, size_t length, mode_t mode,
		     bool durable)
{
	cleanup_close int fd =
		openat(dir_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	int r;

	if (fd < 0)
		return -errno;
	r = write_all(fd, text, length);
	if (r == 0 && mode & 0077 && fchmod(fd, mode) < 0) /* the umask took some of it */
		r = -errno;
	if (r == 0 && durable && fsync(fd) < 0)
		r = -errno;
	return r;
}

int file_create(int dir_fd, const char *path, const char *text, size_t length, mode_t mode)
{
	return write_new(dir_fd, path, text, length, mode, false);
}

static void sync_folder(int dir_fd, const char *path)
{
	cleanup_close int folder_fd = -EBADF;
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";

	if (slash)
		(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path) + 1, path);
	folder_fd = openat(dir_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd >= 0)
		(void)fsync(folder_fd); /* the file is whole already; only its name may be late */
}

int file_failed(int dir_fd, const char *path, int num, struct err *err, const char *what)
{
	char folder[PATH_MAX];

	if (path[0] != '/' && fd_path(dir_fd, folder, sizeof(folder)) == 0)
		err_set(err, num, "%s %s/%s", what, folder, path);
	else
		err_set(err, num, "%s %s", what, path);
	if (num == -ENOSPC || num == -EDQUOT)
		err_hint(err,
			 "its file system is full: make room there (df and df -i show of what)");
	return num;
}

int file_replace(int dir_fd, const char *path, const char *text, size_t length, mode_t mode,
		 bool durable, struct err *err)
{
	char beside[PATH_MAX];
	int r;

	(void)snprintf(beside, sizeof(beside), "%s.tmp.%d", path, (int)getpid());
	r = write_new(dir_fd, beside, text, length, mode, durable);
	if (r == -EEXIST) { /* a leftover of a killed process with our pid */
		(void)unlinkat(dir_fd, beside, 0);
		r = write_new(dir_fd, beside, text, length, mode, durable);
	}
	if (r == 0 && renameat(dir_fd, beside, dir_fd, path) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlinkat(dir_fd, beside, 0);
		return file_failed(dir_fd, path, r, err, "write");
	}
	if (durable)
		sync_folder(dir_fd, path);
	return 0;
}

static int make_dir(const char *path, mode_t mode)
{
	return mkdir(path, mode) < 0 && errno != EEXIST ? -errno : 0;
}

int make_dirs(const char *path, mode_t mode, struct err *err)
{
	char part[PATH_MAX];
	size_t length = strlen(path);
	int r = 0;

	if (length >= sizeof(part))
		return file_failed(AT_FDCWD, path, -ENAMETOOLONG, err, "make");
	memcpy(part, path, length + 1);
	for (char *at = part + 1; r == 0 && *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		r = make_dir(part, mode);
		*at = '/';
	}
	if (r == 0)
		r = make_dir(part, mode);
	return r < 0 ? file_failed(AT_FDCWD, path, r, err, "make") : 0;
}

static int remove_below(int dir_fd, const char *name);

static int remove_children(int fd)
{
	DIR *folder = fdopendir(fd);
	struct dirent *entry;
	int r = 0;

	if (!folder) {
		r = -errno;
		close_fd(fd);
		return r;
	}
	while (r == 0 && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = remove_below(dirfd(folder), entry->d_name);
	(void)closedir(folder);
	return r;
}

/* Return: 0; -EISDIR: it is a directory; another negative errno. */
static int remove_file(int dir_fd, const char *path)
{
	if (unlinkat(dir_fd, path, 0) == 0 || errno == ENOENT)
		return 0;
	return errno == EPERM ? -EISDIR : -errno; /* POSIX has EPERM for directories */
}

static int remove_folder(int dir_fd, const char *path, int fd)
{
	int r = fd < 0 ? fd : remove_children(fd); /* closes fd */

	if (r == -ENOTDIR) /* a file all the same, that may not be removed */
		return -EPERM;
	if (r == 0 && unlinkat(dir_fd, path, AT_REMOVEDIR) < 0 && errno != ENOENT)
		r = -errno;
	return r;
}

/* The kernel tells of a way into another mount. Devices don't: on an overlay each layer has its
 * own, and on btrfs each subvolume. */
static int remove_below(int dir_fd, const char *name)
{
	int r = remove_file(dir_fd, name);

	if (r != -EISDIR)
		return r;
	return remove_folder(dir_fd, name, sys_open_beneath(dir_fd, name, O_RDONLY | O_DIRECTORY));
}

int remove_tree(int dir_fd, const char *path)
{
	int r = remove_file(dir_fd, path), fd;

	if (r != -EISDIR)
		return r;
	fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return remove_folder(dir_fd, path, fd < 0 ? -errno : fd);
}
