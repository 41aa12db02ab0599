#include "lib/plan.h"
#include "ns/mount.h"
#include "ns/spec_help.h"
#include "ns/target.h"

#include <string.h>

/* What is mounted on @folder or above it in the end, as far as planned. Return: NULL: nothing. */
static struct mount_values *last_mount(const struct plan *plan, const char *folder)
{
	struct mount_values *last = NULL;

	step_each (step, plan, STEP_ENTER) {
		struct mount_values *values;

		if (step->kind != &mount_kind)
			continue;
		values = container_of(step, struct mount_step, step)->values;
		if (strcmp(values->destination, folder) == 0 ||
		    path_below(folder, values->destination))
			last = values;
	}
	return last;
}

/* What it copies from the image may be links that lead elsewhere. */
static bool is_new(const struct mount_values *values)
{
	return values->type && !(values->opts.flags & (MOUNT_COPY_UP | MOUNT_OPTIONAL));
}

/* Links in there are the kernel's, so what is deeper can be found from its root as well. */
static bool is_kernels(const struct mount_values *values)
{
	return strcmp(values->type, "proc") == 0 || strcmp(values->type, "sysfs") == 0;
}

struct target target_plan(struct plan *plan, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = arena_strndup(&plan->arena, path, (size_t)(slash - path));
	struct mount_values *mount = last_mount(plan, folder);
	struct target target = {
		.path = path, .name = slash + 1, .folder_slot = -1, .top = slash == path};
	const char *below = mount ? path_below(folder, mount->destination) : NULL;

	if (!mount || !is_new(mount) || (below && !is_kernels(mount)))
		return target;
	if (below)
		target.name = path_below(path, mount->destination) + 1;
	if (mount->kept_slot < 0)
		mount->kept_slot = plan_slot(plan);
	target.folder_slot = mount->kept_slot;
	target.top = false;
	return target;
}
