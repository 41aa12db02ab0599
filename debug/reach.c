#include "debug/reach.h"

#include "debug/become.h"
#include "debug/isolation.h"
#include "lib/err.h"
#include "lib/sys.h"
#include "lib/worker.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

enum {
	PATIENCE_SEC = 5,                  /* for a file system that somebody in there serves */
	FILES = CLONE_NEWNS | CLONE_NEWNET /* what procfs shows depends on the network, too */
};

struct looking {
	const struct isolation *isolation;
	struct reach *list;
	size_t count;
};

static void *share(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static int look_one(int root_fd, struct reach *reach)
{
	cleanup_close int fd = sys_open_in_root(root_fd, reach->path, O_PATH, 0);
	struct statvfs mount;
	struct statfs fs;
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || fstatvfs(fd, &mount) < 0 || fstatfs(fd, &fs) < 0)
		return -errno;
	reach->mode = st.st_mode;
	reach->device = st.st_rdev;
	reach->fs = (unsigned long)fs.f_type;
	reach->read_only = mount.f_flag & ST_RDONLY;
	reach->nodev = mount.f_flag & ST_NODEV;
	reach->readable = faccessat(fd, "", R_OK, AT_EACCESS | AT_EMPTY_PATH) == 0;
	reach->writable = faccessat(fd, "", W_OK, AT_EACCESS | AT_EMPTY_PATH) == 0;
	return 0;
}

static int look(void *data, struct err *err)
{
	const struct looking *looking = data;
	cleanup_close int root_fd = -EBADF;
	int r = isolation_become(looking->isolation, FILES, err);

	if (r < 0)
		return r;
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return err_set(err, -errno, "open its root");
	for (size_t i = 0; i < looking->count; i++)
		looking->list[i].error = look_one(root_fd, &looking->list[i]);
	return 0;
}

int reach_look(const struct isolation *isolation, struct reach *list, size_t count, struct err *err)
{
	struct looking looking = {.isolation = isolation, .count = count};
	const size_t size = count * sizeof(*list);
	int r;

	if (!count)
		return 0;
	looking.list = share(size);
	if (!looking.list)
		return err_set(err, -ENOMEM, "look at files");
	for (size_t i = 0; i < count; i++)
		looking.list[i] = (struct reach){.path = list[i].path, .error = -ETIMEDOUT};
	r = worker_run_within(PATIENCE_SEC, look, &looking, err);
	memcpy(list, looking.list, size);
	(void)munmap(looking.list, size);
	return r == -ETIMEDOUT ? 0 : r; /* the list says how far it came */
}

enum { NODES_SIZE = 64 * 1024, NODES_DEPTH = 4 };

/* Names one behind the other. */
struct nodes {
	const struct isolation *isolation;
	size_t length;
	bool cut; /* there are more */
	char at[NODES_SIZE];
};

static void add_node(struct nodes *nodes, const char *folder, const char *name)
{
	const size_t room = NODES_SIZE - nodes->length;
	const int length = snprintf(nodes->at + nodes->length, room, "%s/%s", folder, name);

	if (length > 0 && (size_t)length < room)
		nodes->length += (size_t)length + 1;
	else
		nodes->cut = true;
}

static void walk(int dir_fd, const char *folder, dev_t fs, int depth, struct nodes *nodes)
{
	DIR *dir = fdopendir(dir_fd);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[PATH_MAX];
		struct stat st;
		int fd;

		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
			add_node(nodes, folder, entry->d_name);
		if (!S_ISDIR(st.st_mode) || st.st_dev != fs || depth == 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		fd = sys_open_beneath(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY);
		if (fd >= 0)
			walk(fd, path, fs, depth - 1, nodes);
	}
	if (dir)
		(void)closedir(dir);
	else
		close_fd(dir_fd);
}

static int list_nodes(void *data, struct err *err)
{
	struct nodes *nodes = data;
	struct stat st;
	int fd;

	fd = sys_open_in_root(nodes->isolation->root_fd, "/dev", O_RDONLY | O_DIRECTORY, 0);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return fd < 0 ? fd : -errno;
	walk(fd, "/dev", st.st_dev, NODES_DEPTH, nodes);
	return 0;
}

int reach_nodes(struct isolation *isolation, const char **paths, size_t most, bool *cut,
		struct err *err)
{
	struct nodes *nodes = share(sizeof(*nodes));
	const char *at;
	size_t count = 0;
	int r;

	if (!nodes)
		return err_set(err, -ENOMEM, "look at devices");
	nodes->isolation = isolation;
	r = worker_run_within(PATIENCE_SEC, list_nodes, nodes, err);
	for (at = nodes->at; r == 0 && count < most && at < nodes->at + nodes->length;
	     at += strlen(at) + 1)
		paths[count++] = arena_strdup(&isolation->arena, at);
	*cut = r == 0 && (nodes->cut || at < nodes->at + nodes->length);
	(void)munmap(nodes, sizeof(*nodes));
	return r < 0 ? r : (int)count;
}
