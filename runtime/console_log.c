#include "runtime/console_log.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "runtime/container.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

enum { LOG_MAX = 512 << 10 };

static int open_file(int folder_fd, const char *path)
{
	int fd = openat(folder_fd, path,
			O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);

	return fd < 0 ? -errno : fd;
}

int console_log_open(struct console_log *log, const struct runtime *runtime, const char *id,
		     struct err *err)
{
	char folder[PATH_MAX];
	struct stat st;
	int r;

	*log = (struct console_log){.folder_fd = -EBADF, .fd = -EBADF, .copy_fd = -EBADF};
	(void)snprintf(log->name, sizeof(log->name), "%s", id);
	(void)snprintf(folder, sizeof(folder), "%s/.log", runtime->root);
	r = make_dirs(folder, 0700, err);
	if (r < 0)
		return r;
	log->folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (log->folder_fd < 0)
		return err_set(err, -errno, "open %s", folder);
	log->fd = open_file(log->folder_fd, log->name);
	if (log->fd < 0)
		return err_set(err, log->fd, "open %s/%s", folder, id);
	log->length = fstat(log->fd, &st) < 0 ? 0 : (size_t)st.st_size;
	return 0;
}

int console_log_copy(struct console_log *log, const char *path, struct err *err)
{
	log->copy_fd = open_file(AT_FDCWD, path);
	return log->copy_fd < 0 ? err_set(err, log->copy_fd, "open the console's log %s", path) : 0;
}

/* Without room for a new file the old one goes on, longer than it should be. */
static void begin_anew(struct console_log *log)
{
	char old[sizeof(log->name) + sizeof(".old")];
	int fd;

	(void)snprintf(old, sizeof(old), "%s.old", log->name);
	if (renameat(log->folder_fd, log->name, log->folder_fd, old) < 0)
		return;
	fd = open_file(log->folder_fd, log->name);
	if (fd < 0)
		return;
	close_fd(log->fd);
	log->fd = fd;
	log->length = 0;
}

void console_log_add(struct console_log *log, const char *data, size_t length)
{
	if (log->fd < 0)
		return;
	if (log->length + length > LOG_MAX)
		begin_anew(log);
	if (write_all(log->fd, data, length) == 0)
		log->length += length;
	if (log->copy_fd >= 0)
		(void)write_all(log->copy_fd, data, length);
}

void console_log_close(struct console_log *log)
{
	log->folder_fd = close_fd(log->folder_fd);
	log->fd = close_fd(log->fd);
	log->copy_fd = close_fd(log->copy_fd);
}
