#include "lib/mountinfo.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/mask.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool exists(struct run *run, const char *path, struct stat *st)
{
	cleanup_close int fd = sys_open_in_root(run->root_fd, path, O_PATH, 0);

	return fd >= 0 && fstat(fd, st) == 0;
}

/* @want: NULL, or the word that the mount must have. */
static int look(const struct step *step, struct run *run, const char *want, const char *refuse,
		struct observation *seen, struct err *err)
{
	const char *path = container_of(step, struct mask_step, step)->path;
	cleanup_(arena_free) struct arena arena = {};
	const struct mountinfo *list, *mount;
	struct stat st;
	int r;

	if (!exists(run, path, &st))
		return observe(seen, OBSERVED_HOLDS, "the container has no %s", path);
	r = mountinfo_read(&arena, run->pid_dir_fd, &list, err);
	if (r < 0)
		return r;
	mount = mountinfo_find(list, path);
	if (!mount)
		return observe(seen, OBSERVED_DIFFERS, "nothing is mounted on %s", path);
	if ((want && !mountinfo_has(mount->options, want)) ||
	    (refuse && mountinfo_has(mount->options, refuse)))
		return observe(seen, OBSERVED_DIFFERS, "%s: %s", path, mount->options);
	return observe(seen, OBSERVED_HOLDS, "%s %s, %s", mount->type, mount->root, mount->options);
}

int mask_observe(const struct step *step, struct run *run, struct observation *seen,
		 struct err *err)
{
	const char *path = container_of(step, struct mask_step, step)->path;
	struct stat st;

	if (exists(run, path, &st) && !S_ISDIR(st.st_mode) && st.st_rdev != makedev(1, 3))
		return observe(seen, OBSERVED_DIFFERS, "%s is not hidden", path);
	return look(step, run, "ro", NULL, seen, err);
}

int readonly_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err)
{
	return look(step, run, "ro", NULL, seen, err);
}

int writable_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err)
{
	return look(step, run, NULL, "ro", seen, err);
}

int bootid_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err)
{
	return look(step, run, "ro", NULL, seen, err);
}
