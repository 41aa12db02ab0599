#include "runtime/criu_mounts.h"

#include "lib/err.h"
#include "lib/mountinfo.h"
#include "lib/plan.h"
#include "lib/proc_dir.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "ns/mount_new.h"
#include "ns/target.h"
#include "runtime/criu.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_directory(int fd)
{
	struct stat st;

	return fd < 0 || (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode));
}

/* Where nobody else sees it: a tmpfs of its own, in a mount namespace of its own. */
static int make_stage(const char *folder, int *stage_fd, struct err *err)
{
	cleanup_close int mnt_fd = -EBADF;
	int r = worker_hide_mounts(err);

	if (r < 0)
		return r;
	mnt_fd = mount_new_simple("tmpfs", "mode=0711", 0, err);
	if (mnt_fd < 0)
		return mnt_fd;
	r = sys_move_mount(mnt_fd, AT_FDCWD, folder);
	if (r < 0)
		return err_set(err, r, "mount on %s", folder);
	*stage_fd = take_fd(&mnt_fd);
	return 0;
}

static int put(int stage_fd, const char *name, int tree_fd, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r = is_directory(tree_fd) ? mkdirat(stage_fd, name, 0755)
				      : mknodat(stage_fd, name, S_IFREG | 0644, 0);

	if (r == 0)
		fd = openat(stage_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "make a place for a mount");
	r = sys_move_mount(tree_fd, fd, "");
	return r < 0 ? err_set(err, r, "attach a mount for CRIU") : 0;
}

/* One tree may have several places: the null device of all masks. */
static bool is_first(const struct criu_mount *mounts, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (mounts[i].slot == mounts[index].slot)
			return false;
	return true;
}

static int put_all(const struct criu_mount *mounts, size_t count, struct run *run, int stage_fd,
		   struct err *err)
{
	int r = put(stage_fd, "root", run->root_fd, err);

	for (size_t i = 0; r == 0 && i < count; i++) {
		const int slot = mounts[i].slot;
		char name[16];

		(void)snprintf(name, sizeof(name), "%d", slot);
		if (slot >= 0 && run->slots[slot] >= 0 && is_first(mounts, i))
			r = put(stage_fd, name, run->slots[slot], err);
		if (r < 0)
			err_add(err, "%s", mounts[i].path);
	}
	return r;
}

static bool is_in_root(const struct criu_mount *mounts, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		const size_t length = strlen(mounts[i].path);

		if (strncmp(path, mounts[i].path, length) == 0 && path[length] == '/')
			return false;
	}
	return true;
}

/* Another host's copy of the root may never have been mounted on. */
static int make_mount_points(const struct criu_mount *mounts, size_t count, const struct run *run,
			     struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		const int slot = mounts[i].slot;
		const int tree_fd = slot >= 0 ? run->slots[slot] : -EBADF;
		int fd;

		if (mounts[i].file_only || !is_in_root(mounts, count, mounts[i].path))
			continue;
		fd = target_open(run->root_fd, mounts[i].path,
				 is_directory(tree_fd) ? 0 : TARGET_FILE, err);
		if (fd < 0)
			return fd;
		close_fd(fd);
	}
	return 0;
}

int criu_mounts_stage(const struct plan *plan, struct run *run, const char *folder, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int stage_fd = -EBADF;
	const struct criu_mount *mounts;
	const size_t count = criu_mounts_of(&arena, plan, &mounts);
	int r;

	r = make_stage(folder, &stage_fd, err);
	if (r == 0)
		r = put_all(mounts, count, run, stage_fd, err);
	return r < 0 ? r : make_mount_points(mounts, count, run, err);
}

/* The tree itself and all that is mounted in it. */
static void give_tree(struct criu *criu, struct arena *arena, const struct criu_mount *mount,
		      const char *tree, const struct mountinfo *list)
{
	const size_t length = strlen(tree);

	for (; list; list = list->next) {
		const char *rest;

		if (!starts_with(list->target, tree))
			continue;
		rest = list->target + length;
		if (*rest != '\0' && *rest != '/')
			continue;
		criu_external(criu, "mnt", arena_printf(arena, "%s%s", mount->path, rest),
			      list->target);
	}
}

int criu_mounts_give(struct criu *criu, const struct plan *plan, const struct run *run,
		     const char *folder, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int proc_fd = -EBADF;
	const struct criu_mount *mounts;
	const size_t count = criu_mounts_of(&arena, plan, &mounts);
	const struct mountinfo *list;
	int r;

	proc_fd = proc_dir_open(criu->pid, err);
	if (proc_fd < 0)
		return proc_fd;
	r = mountinfo_read(&arena, proc_fd, &list, err);
	if (r < 0) /* only of a process that has ended there is none */
		return err_plain(err, r, "CRIU ended without an answer");
	for (size_t i = 0; i < count; i++)
		if (mounts[i].slot >= 0 && run->slots[mounts[i].slot] >= 0)
			give_tree(criu, &arena, &mounts[i],
				  arena_printf(&arena, "%s/%d", folder, mounts[i].slot), list);
	return 0;
}
