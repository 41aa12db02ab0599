#include "runtime/pids.h"

#include "cgroup/cgroup.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/text.h"
#include "runtime/record.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static int open_pidns(int proc_fd, const char *process)
{
	char path[NAME_MAX + sizeof("/ns/pid")];

	(void)snprintf(path, sizeof(path), "%s/ns/pid", process);
	return openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
}

/* ioctl_ns(2): a namespace's parents are seen up to one's own. */
static bool is_below(int pidns_fd, ino_t wanted)
{
	cleanup_close int fd = pidns_fd;
	struct stat st;

	while (fd >= 0) {
		int parent_fd;

		if (fstat(fd, &st) == 0 && st.st_ino == wanted)
			return true;
		parent_fd = ioctl(fd, NS_GET_PARENT);
		close_fd(fd);
		fd = parent_fd;
	}
	return false;
}

static int pids_below(struct arena *arena, ino_t pidns, pid_t **pids, size_t *count,
		      struct err *err)
{
	struct {
		size_t count;
		pid_t *items;
	} found = {};
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	unsigned int pid;

	if (!proc)
		return err_set(err, -errno, "open /proc");
	while ((entry = readdir(proc)))
		if (parse_u32(entry->d_name, &pid) == 0 &&
		    is_below(open_pidns(dirfd(proc), entry->d_name), pidns))
			*list_push(arena, &found) = (pid_t)pid;
	(void)closedir(proc);
	*pids = found.items;
	*count = found.count;
	return 0;
}

/* The descriptor keeps the namespace's inode its own; the pid is looked at after it, so that it
 * can't have been another process'. */
static int pids_in_namespace(struct arena *arena, const struct record *record, pid_t **pids,
			     size_t *count, struct err *err)
{
	cleanup_close int fd = -EBADF;
	struct stat ours, theirs;
	char process[16];

	(void)snprintf(process, sizeof(process), "/proc/%d", (int)record->pid);
	fd = open_pidns(AT_FDCWD, process);
	*count = 0;
	if (!record_alive(record)) /* it was the namespace's first: all have ended with it */
		return 0;
	if (fd < 0 || fstat(fd, &theirs) < 0 || stat("/proc/self/ns/pid", &ours) < 0)
		return err_set(err, -errno, "look at the pid namespace of %s", record->id);
	if (ours.st_ino == theirs.st_ino)
		return err_plain(err, -ENOTSUP,
				 "container %s has no cgroup and no pid namespace of its own",
				 record->id);
	return pids_below(arena, theirs.st_ino, pids, count, err);
}

int record_pids(struct arena *arena, const struct record *record, pid_t **pids, size_t *count,
		struct err *err)
{
	cleanup_close int cgroup_fd = -EBADF;

	if (!record->cgroup)
		return pids_in_namespace(arena, record, pids, count, err);
	cgroup_fd = open(record->cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (cgroup_fd < 0)
		return err_set(err, -errno, "open %s", record->cgroup);
	return cgroup_pids(arena, cgroup_fd, pids, count, err);
}
