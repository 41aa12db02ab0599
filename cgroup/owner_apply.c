#include "cgroup/place.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/run.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { GROUP_FOLDER_MODE = 0775, GROUP_FILE_MODE = 0664 };

/* What a cgroup's manager has to be able to write, for kernels that don't list it. */
static const char delegate_fallback[] = "cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n";

static int give_file(int cgroup_fd, const char *name, const struct cgroup_owner_step *owner)
{
	if (fchownat(cgroup_fd, name, owner->uid, owner->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno; /* of a controller that is not on */
	if (owner->group_too && fchmodat(cgroup_fd, name, GROUP_FILE_MODE, 0) < 0)
		return -errno;
	return 0;
}

static int give_files(int cgroup_fd, const char *list, const struct cgroup_owner_step *owner,
		      struct err *err)
{
	while (*list) {
		size_t length = strcspn(list, "\n");
		char name[128];
		int r;

		(void)snprintf(name, sizeof(name), "%.*s", (int)length, list);
		r = length > 0 ? give_file(cgroup_fd, name, owner) : 0;
		if (r < 0)
			return err_set(err, r, "give %s to uid %u", name, owner->uid);
		list += length + (list[length] == '\n');
	}
	return 0;
}

int cgroup_owner_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct cgroup_owner_step *owner = container_of(step, struct cgroup_owner_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const char *list = delegate_fallback;
	int fd = run->init_cgroup_fd;

	if (fd < 0)
		return err_plain(err, -EBADF, "there is no cgroup yet");
	if (fchownat(fd, "", owner->uid, owner->gid, AT_EMPTY_PATH) < 0)
		return err_set(err, -errno, "give the directory to uid %u", owner->uid);
	if (owner->group_too && fchmod(fd, GROUP_FOLDER_MODE) < 0)
		return err_set(err, -errno, "let the group write to the directory");
	if (file_read(&arena, AT_FDCWD, "/sys/kernel/cgroup/delegate", 0, &list, NULL, NULL) < 0)
		list = delegate_fallback;
	return give_files(fd, list, owner, err);
}

int cgroup_owner_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err)
{
	const struct cgroup_owner_step *owner = container_of(step, struct cgroup_owner_step, step);
	cleanup_close int fd = cgroup_observe_open(&owner->place, run->pid_dir_fd, true);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return observe(seen, OBSERVED_UNSEEN, "its cgroup can't be opened");
	return observe(seen, st.st_uid == owner->uid ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "the cgroup belongs to uid %u", st.st_uid);
}
