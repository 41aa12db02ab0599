#include "runtime/criu_mounts.h"

#include "lib/err.h"
#include "lib/fds.h"
#include "lib/mountinfo.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/dev.h"
#include "ns/mask.h"
#include "ns/mount.h"
#include "runtime/criu.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

static bool of_mount(const struct step *step, struct criu_mount *mount)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;

	if (values->opts.flags & MOUNT_REMOUNT)
		return false;
	*mount = (struct criu_mount){.path = values->destination,
				     .slot = values->slot,
				     .recursive = values->opts.flags & MOUNT_RECURSIVE};
	return true;
}

static bool of_mask(const struct step *step, struct criu_mount *mount)
{
	const struct mask_step *mask = container_of(step, struct mask_step, step);

	*mount =
		(struct criu_mount){.path = mask->path, .slot = mask->null_slot, .file_only = true};
	return true;
}

static bool of_device(const struct step *step, struct criu_mount *mount)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);

	*mount = (struct criu_mount){.path = dev->path, .slot = dev->slot};
	return dev->how != DEV_MAKE;
}

static const struct {
	const struct step_kind *kind;
	bool (*read)(const struct step *step, struct criu_mount *mount);
} readers[] = {{&mount_kind, of_mount}, {&mask_kind, of_mask}, {&dev_kind, of_device}};

static bool read_step(const struct step *step, struct criu_mount *mount)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (readers[i].kind == step->kind)
			return readers[i].read(step, mount);
	return false;
}

size_t criu_mounts_of(struct arena *arena, const struct plan *plan,
		      const struct criu_mount **mounts)
{
	struct criu_mount *list;
	size_t count = 0;

	step_each (step, plan, STEP_ENTER)
		count++;
	list = arena_array(arena, count, sizeof(*list));
	count = 0;
	step_each (step, plan, STEP_ENTER)
		count += read_step(step, &list[count]);
	*mounts = list;
	return count;
}

/* Links on the way to a mount point were followed when it was mounted: where it is now. */
static const char *place_now(struct arena *arena, int root_fd, const char *path)
{
	cleanup_close int fd = sys_open_in_root(root_fd, path, O_PATH, 0);
	char place[PATH_MAX];

	return fd < 0 || fd_path(fd, place, sizeof(place)) < 0 ? path : arena_strdup(arena, place);
}

/* What of @path is behind @folder: "" where it is the same. Return: NULL where it isn't below. */
static const char *behind(const char *path, const char *folder)
{
	const size_t length = strlen(folder);

	if (strncmp(path, folder, length) != 0 || (path[length] != '\0' && path[length] != '/'))
		return NULL;
	return path + length;
}

/* What a mount of the container belongs to is the deepest place around it; of two the later. */
static const struct criu_mount *around(const struct criu_mount *mounts, const char *const *places,
				       size_t count, const char *target, const char **rest)
{
	const struct criu_mount *found = NULL;
	size_t depth = 0;

	for (size_t i = 0; i < count; i++) {
		const char *left = behind(target, places[i]);

		if (!left || strlen(places[i]) < depth)
			continue;
		found = &mounts[i];
		depth = strlen(places[i]);
		*rest = left;
	}
	return found;
}

static bool from_outside(const struct criu_mount *mount, const struct mountinfo *seen,
			 const char *rest)
{
	if (!mount || mount->slot < 0 || (*rest && !mount->recursive))
		return false;
	return !mount->file_only || strcmp(seen->root, "/") != 0;
}

int criu_mounts_leave(struct criu *criu, const struct plan *plan, const struct run *look,
		      struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct criu_mount *mounts, *mount;
	const struct mountinfo *list;
	size_t count = criu_mounts_of(&arena, plan, &mounts);
	const char **places = arena_array(&arena, count, sizeof(*places)), *rest = "";
	int r = mountinfo_read(&arena, look->pid_dir_fd, &list, err);

	for (size_t i = 0; r == 0 && i < count; i++)
		places[i] = place_now(&arena, look->root_fd, mounts[i].path);
	for (; r == 0 && list; list = list->next) {
		mount = around(mounts, places, count, list->target, &rest);
		if (from_outside(mount, list, rest))
			criu_external(criu, "mnt", list->target,
				      arena_printf(&arena, "%s%s", mount->path, rest));
	}
	return r;
}
