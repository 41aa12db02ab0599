#include "cgroup/walk.h"

#include "lib/own.h"

#include <dirent.h>
#include <fcntl.h>

enum { DEPTH_MAX = 64 };

struct walk {
	cgroup_visit_fn *visit;
	void *data;
	bool remove;
};

static int walk_one(const struct walk *walk, int dir_fd, const char *name, int depth);

/* d_type is reliable here: cgroupfs is kernfs. */
static int walk_children(const struct walk *walk, DIR *dir, int depth)
{
	struct dirent *entry;
	int r = 0;

	while (r == 0 && (entry = readdir(dir))) {
		cleanup_close int child_fd = -EBADF;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		child_fd = openat(dirfd(dir), entry->d_name,
				  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (child_fd < 0)
			continue; /* gone meanwhile */
		r = walk_one(walk, child_fd, entry->d_name, depth + 1);
		if (r == 0 && walk->remove &&
		    unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) < 0 && errno != ENOENT)
			r = -errno;
	}
	return r;
}

static int walk_one(const struct walk *walk, int dir_fd, const char *name, int depth)
{
	int own_fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = own_fd < 0 ? NULL : fdopendir(own_fd);
	int r;

	if (!dir) {
		r = -errno;
		close_fd(own_fd);
		return r == -ENOENT ? 0 : r;
	}
	r = depth < DEPTH_MAX ? walk_children(walk, dir, depth) : -ELOOP;
	(void)closedir(dir);
	return r == 0 && walk->visit ? walk->visit(dir_fd, name, walk->data) : r;
}

int cgroup_walk(int cgroup_fd, cgroup_visit_fn *visit, void *data)
{
	const struct walk walk = {.visit = visit, .data = data};

	return walk_one(&walk, cgroup_fd, "", 0);
}

int cgroup_remove_below(int cgroup_fd)
{
	const struct walk walk = {.remove = true};

	return walk_one(&walk, cgroup_fd, "", 0);
}
