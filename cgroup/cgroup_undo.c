#include "cgroup/cgroup.h"
#include "cgroup/place.h"
#include "cgroup/walk.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/own.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { KILL_WAIT_MS = 10000 };

static const char *const cgroup_mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};

/* As cgroup_create_kind records it: "/NAME/NAME", none of them empty, "." or "..". */
static bool is_plain(const char *path)
{
	const char *name = path;

	while (*name == '/') {
		const size_t length = strcspn(++name, "/");

		if (length == 0 || (length <= 2 && strncmp(name, "..", length) == 0))
			return false;
		name += length;
	}
	return name > path && *name == '\0';
}

/* Never the whole tree. */
static bool is_container(const char *directory)
{
	for (size_t i = 0; i < ARRAY_SIZE(cgroup_mounts); i++)
		if (strcmp(directory, cgroup_mounts[i]) == 0)
			return false;
	return is_plain(directory);
}

/* Is this process itself there, or below it? */
static bool holds_us(const char *directory)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *own = place_own(&arena, "");
	const size_t length = strlen(directory);

	for (size_t i = 0; own && i < ARRAY_SIZE(cgroup_mounts); i++) {
		const char *here = arena_printf(&arena, "%s%s", cgroup_mounts[i], own);

		if (strncmp(here, directory, length) == 0 &&
		    (here[length] == '/' || here[length] == '\0'))
			return true;
	}
	return false;
}

static int check_removable(const char *directory, struct err *err)
{
	return is_container(directory) && !holds_us(directory)
		       ? 0
		       : err_plain(err, -EPERM, "%s is not a container's cgroup: left alone",
				   directory);
}

int cgroup_kill(const char *directory, uint64_t inode, struct err *err)
{
	cleanup_close int cgroup_fd = -EBADF;
	struct stat st;
	int r = check_removable(directory, err);

	if (r < 0)
		return r;
	cgroup_fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (cgroup_fd < 0)
		return errno == ENOENT ? 0 : err_set(err, -errno, "open %s", directory);
	if (fstat(cgroup_fd, &st) < 0 || st.st_ino != inode)
		return 1;
	r = cgroup_end_all(cgroup_fd, KILL_WAIT_MS, err);
	if (r == -ENODEV) { /* removed by another right now */
		err_clear(err);
		return 0;
	}
	return r == -ETIMEDOUT ? err_set(err, r, "wait until %s is empty", directory) : r;
}

/* Of one that was never known to be ours an empty directory goes, which nobody misses. */
static int remove_unnoted(const char *directory, struct err *err)
{
	cleanup_close int cgroup_fd = -EBADF;
	int r = check_removable(directory, err);

	if (r < 0)
		return r;
	cgroup_fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (cgroup_fd < 0 && errno != ENOENT)
		return err_set(err, -errno, "open %s", directory);
	if (cgroup_fd < 0 || (cgroup_remove_below(cgroup_fd) == 0 && rmdir(directory) == 0))
		return cgroup_remove(directory, err);
	return 0; /* somebody else's: that is why nothing more was done with it */
}

static int undo_directory(const struct json *record, const char *directory, struct err *err)
{
	uint64_t inode;
	int r;

	if (is_container(directory) && cgroup_remove_unused(directory) == 0)
		return 0; /* as it mostly is: its processes have ended, it has no folders */
	if (json_u64(json_find(record, "inode"), &inode) < 0)
		return remove_unnoted(directory, err);
	r = cgroup_kill(directory, inode, err);
	return r == 0 ? cgroup_remove(directory, err) : r < 0 ? r : 0;
}

/*
 * Two records: the directory before it was made, with what was there above it, and its inode once
 * it was known to be ours. Only the second lets us kill.
 */
int cgroup_create_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *directory = json_string(record, "directory");
	const char *above = json_string(record, "above");
	int r;

	if (!directory)
		return err_plain(err, -EBADMSG, "the journal names no cgroup");
	r = undo_directory(record, directory, err);
	if (r == 0 && above && is_container(directory))
		cgroup_remove_above(directory, above);
	return r;
}
