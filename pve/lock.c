#include "pve/lock.h"

#include "lib/err.h"
#include "lib/file.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

enum { PAUSE_MS = 50 };

static long now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* never fails */
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int try_lock(int fd)
{
	int r;

	do
		r = flock(fd, LOCK_EX | LOCK_NB);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

/* flock(2) has no time limit of its own and an alarm would be the whole program's: ask again. */
static int wait_lock(int fd, unsigned int seconds)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	long end = now_ms() + 1000L * seconds;
	int r;

	while ((r = try_lock(fd)) == -EWOULDBLOCK && now_ms() < end)
		(void)nanosleep(&pause, NULL); /* woken early it only asks sooner */
	return r == -EWOULDBLOCK ? -ETIMEDOUT : r;
}

static void say(FILE *waiting, const char *text)
{
	if (!waiting)
		return;
	(void)fputs(text, waiting); /* a lost word to the reader changes nothing */
	(void)fflush(waiting);
}

static int lock_file(const struct lock_request *request, int fd, const char *path, struct err *err)
{
	int r = try_lock(fd);

	if (r == -EWOULDBLOCK) {
		say(request->waiting, "trying to acquire lock...");
		r = wait_lock(fd, request->seconds);
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
	r = make_dirs(request->folder, 0755);
	if (r < 0)
		return err_set(err, r, "make %s", request->folder);
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
