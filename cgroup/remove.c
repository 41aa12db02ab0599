#include "cgroup/cgroup.h"
#include "cgroup/place.h"
#include "cgroup/walk.h"
#include "lib/err.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

enum { REMOVE_WAIT_MS = 5000 };

static bool made_by_us(const char *path)
{
	char value[2];

	return getxattr(path, CGROUP_MADE_ATTRIBUTE, value, sizeof(value)) > 0;
}

/* Another container that is just being made in one of them makes it again: see make_chain(). */
static void remove_ancestors(const char *path)
{
	char parent[PATH_MAX];
	char *slash;

	(void)snprintf(parent, sizeof(parent), "%s", path);
	while ((slash = strrchr(parent, '/')) && slash != parent) {
		*slash = '\0';
		if (!made_by_us(parent) || rmdir(parent) < 0)
			return;
	}
}

void cgroup_remove_above(const char *path, const char *stays)
{
	const size_t shortest = strlen(stays);
	char parent[PATH_MAX];
	char *slash;

	(void)snprintf(parent, sizeof(parent), "%s", path);
	while ((slash = strrchr(parent, '/')) && (size_t)(slash - parent) > shortest) {
		*slash = '\0';
		if (strncmp(parent, stays, shortest) != 0 || (rmdir(parent) < 0 && errno != ENOENT))
			return;
	}
}

int cgroup_remove_unused(const char *path)
{
	if (rmdir(path) < 0 && errno != ENOENT)
		return -errno;
	remove_ancestors(path);
	return 0;
}

static int remove_once(int cgroup_fd, const char *path)
{
	int r = cgroup_remove_below(cgroup_fd);

	if (r < 0)
		return r;
	return rmdir(path) < 0 && errno != ENOENT ? -errno : 0;
}

int cgroup_remove(const char *path, struct err *err)
{
	cleanup_close int cgroup_fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int r;

	if (cgroup_fd < 0 && errno != ENOENT)
		return err_set(err, -errno, "open %s", path);
	if (cgroup_fd >= 0) {
		r = remove_once(cgroup_fd, path);
		/* The last process may be on its way out: its end is an event. */
		if (r == -EBUSY && cgroup_wait_empty(cgroup_fd, REMOVE_WAIT_MS) == 0)
			r = remove_once(cgroup_fd, path);
		if (r < 0)
			return err_set(err, r, "remove %s", path);
	}
	remove_ancestors(path);
	return 0;
}
