#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "ns/mount_new.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

enum { DEPTH_MAX = 64 };

static int copy_tree(int from_fd, int to_fd, unsigned int depth);

static int copy_data(int from_fd, int to_fd)
{
	char buffer[16384];
	ssize_t length;

	while ((length = read(from_fd, buffer, sizeof(buffer))) > 0) {
		int r = write_all(to_fd, buffer, (size_t)length);

		if (r < 0)
			return r;
	}
	return length < 0 ? -errno : 0;
}

/* As many as the file system takes: "user." is refused by a tmpfs before Linux 6.6. */
static void copy_xattrs(int from_fd, int to_fd)
{
	char names[4096], value[4096];
	ssize_t length = flistxattr(from_fd, names, sizeof(names));

	for (const char *name = names; length > 0 && name < names + length;
	     name += strlen(name) + 1) {
		ssize_t size = fgetxattr(from_fd, name, value, sizeof(value));

		if (size >= 0)
			(void)fsetxattr(to_fd, name, value, (size_t)size, 0);
	}
}

static int copy_attrs(int from_fd, int to_fd, const struct stat *st)
{
	if (fchown(to_fd, st->st_uid, st->st_gid) < 0 || fchmod(to_fd, st->st_mode & 07777) < 0)
		return -errno;
	copy_xattrs(from_fd, to_fd);
	return 0;
}

static int copy_opened(int from_dir, int to_dir, const char *name, const struct stat *st,
		       unsigned int depth)
{
	const bool folder = S_ISDIR(st->st_mode);
	cleanup_close int from_fd = -EBADF;
	cleanup_close int to_fd = -EBADF;
	int r;

	from_fd = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from_fd < 0 || (folder && mkdirat(to_dir, name, 0700) < 0))
		return -errno;
	to_fd = openat(to_dir, name,
		       (folder ? O_RDONLY | O_DIRECTORY : O_WRONLY | O_CREAT | O_EXCL) |
			       O_NOFOLLOW | O_CLOEXEC,
		       0600);
	if (to_fd < 0)
		return -errno;
	r = folder ? copy_tree(from_fd, to_fd, depth + 1) : copy_data(from_fd, to_fd);
	return r < 0 ? r : copy_attrs(from_fd, to_fd, st);
}

static int copy_link(int from_dir, int to_dir, const char *name)
{
	char text[PATH_MAX];
	ssize_t length = readlinkat(from_dir, name, text, sizeof(text) - 1);

	if (length < 0)
		return -errno;
	text[length] = '\0';
	return symlinkat(text, to_dir, name) < 0 ? -errno : 0;
}

static int copy_entry(int from_dir, int to_dir, const char *name, unsigned int depth)
{
	struct stat st;
	int r = 0;

	if (fstatat(from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode))
		return copy_opened(from_dir, to_dir, name, &st, depth);
	if (S_ISLNK(st.st_mode))
		r = copy_link(from_dir, to_dir, name);
	else if (mknodat(to_dir, name, st.st_mode, st.st_rdev) < 0)
		r = -errno;
	if (r == 0 && fchownat(to_dir, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	return r;
}

static int copy_tree(int from_fd, int to_fd, unsigned int depth)
{
	int list_fd = openat(from_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = list_fd < 0 ? NULL : fdopendir(list_fd);
	int r = dir ? 0 : -errno;

	if (!dir) {
		close_fd(list_fd);
		return r;
	}
	if (depth > DEPTH_MAX)
		r = -ELOOP;
	for (struct dirent *entry; r == 0 && (entry = readdir(dir));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = copy_entry(from_fd, to_fd, entry->d_name, depth);
	(void)closedir(dir);
	return r;
}

int copy_up(int from_fd, int to_fd, struct err *err)
{
	cleanup_close int from = openat(from_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int to = openat(to_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	int r;

	if (from < 0 || to < 0 || fstat(from, &st) < 0)
		return err_set(err, -errno, "copy the directory's content up");
	r = copy_tree(from, to, 0);
	if (r == 0)
		r = copy_attrs(from, to, &st);
	return r < 0 ? err_set(err, r, "copy the directory's content up") : 0;
}
