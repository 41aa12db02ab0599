#include "pve/etc/lock.h"

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/flock.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static void say(FILE *waiting, const char *text)
{
	if (!waiting)
		return;
	(void)fputs(text, waiting); /* a lost word to the reader changes nothing */
	(void)fflush(waiting);
}

static int lock_file(const struct lock_request *request, int fd, const char *path, struct err *err)
{
	int r = flock_wait(fd, deadline_in(0));

	if (r == -ETIMEDOUT) {
		say(request->waiting, "trying to acquire lock...");
		r = flock_wait(fd, deadline_in(request->seconds));
		say(request->waiting, r == 0 ? " OK\n" : "\n");
	}
	if (r == -ETIMEDOUT)
		return err_plain(err, r, "can't lock file '%s' - got timeout", path);
	return r < 0 ? err_set(err, r, "lock %s", path) : 0;
}

int lock_take(const struct lock_request *request, struct lock *lock, struct err *err)
{
	cleanup_close int fd = -EBADF;
	char path[PATH_MAX];
	int r;

	if (request->holder && request->holder->fd >= 0) {
		lock->fd = -EBADF;
		return 0;
	}
	r = make_dirs(request->folder, 0755, err);
	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/%s", request->folder, request->name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return err_set(err, -errno, "open %s", path);
	r = lock_file(request, fd, path, err);
	if (r < 0)
		return r;
	lock->fd = take_fd(&fd);
	return 0;
}

enum { NAME_ROOM = 256 };

static void config_name(const char *id, char name[NAME_ROOM])
{
	(void)snprintf(name, NAME_ROOM, "pve-config-%s.lock", id);
}

int lock_config(const char *folder, const char *id, unsigned int seconds, const struct lock *holder,
		struct lock *lock, struct err *err)
{
	char name[NAME_ROOM];
	const struct lock_request request = {
		.folder = folder ? folder : LOCK_FOLDER,
		.name = name,
		.seconds = seconds,
		.holder = holder,
		.waiting = stderr,
	};

	config_name(id, name);
	return lock_take(&request, lock, err);
}

int lock_storage(const char *folder, const char *storage, struct lock *lock, struct err *err)
{
	char name[NAME_ROOM];
	const struct lock_request request = {
		.folder = folder ? folder : LOCK_STORAGE_FOLDER,
		.name = name,
		.seconds = LOCK_STORAGE_SECONDS,
		.waiting = stderr,
	};

	(void)snprintf(name, sizeof(name), "pve-storage-%s", storage);
	return lock_take(&request, lock, err);
}

/* "1: FLOCK  ADVISORY  WRITE 1234 00:1a:5678 0 EOF": proc_locks(5). */
static pid_t holder_in(FILE *locks, const struct stat *st)
{
	unsigned int major, minor;
	unsigned long inode;
	char line[256];
	int pid;

	while (fgets(line, sizeof(line), locks))
		if (sscanf(line, "%*u: FLOCK %*s WRITE %d %x:%x:%lu", &pid, &major, &minor,
			   &inode) == 4 &&
		    inode == st->st_ino && makedev(major, minor) == st->st_dev)
			return pid;
	return 0;
}

pid_t lock_holder(const char *folder, const char *id)
{
	char path[PATH_MAX], name[NAME_ROOM];
	struct stat st;
	FILE *locks;
	pid_t pid;

	config_name(id, name);
	(void)snprintf(path, sizeof(path), "%s/%s", folder ? folder : LOCK_FOLDER, name);
	if (stat(path, &st) < 0)
		return 0;
	locks = fopen("/proc/locks", "re");
	if (!locks)
		return 0;
	pid = holder_in(locks, &st);
	(void)fclose(locks);
	return pid;
}

void lock_leave(struct lock *lock)
{
	lock->fd = close_fd(lock->fd);
}

void lock_drop(struct lock *lock)
{
	if (lock->fd >= 0)
		(void)flock(lock->fd, LOCK_UN);
	lock->fd = close_fd(lock->fd);
}
