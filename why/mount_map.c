#include "why/mount_map.h"

#include "debug/isolation.h"
#include "lib/mountinfo.h"
#include "lib/plan.h"
#include "ns/root.h"

#include <string.h>

/* Return: NULL for a step that mounts nothing. */
static const struct mount_values *values_of(const struct step *step)
{
	if (step->kind == &mount_kind)
		return container_of(step, struct mount_step, step)->values;
	if (step->kind == &root_attach_kind)
		return &container_of(step, struct root_step, step)->values;
	return NULL;
}

/* Of several mounts in one place nobody could tell which is the plan's. */
static bool is_alone(const struct isolation *isolation, const char *target)
{
	size_t count = 0;

	for (size_t i = 0; i < isolation->mount_count; i++)
		count += strcmp(isolation->mounts[i].info->target, target) == 0;
	return count == 1;
}

static void take_map(const struct plan *plan, const struct isolation *isolation,
		     struct isolation_mount *mount)
{
	step_each (step, plan, STEP_ENTER) {
		const struct mount_values *values = values_of(step);

		if (!values || !values->idmapped ||
		    strcmp(values->destination, mount->info->target) != 0)
			continue;
		mount->uid = values->own_map ? values->uid : isolation->uid_map;
		mount->gid = values->own_map ? values->gid : isolation->gid_map;
	}
}

void mount_maps_by_plan(const struct plan *plan, struct isolation *isolation)
{
	for (size_t i = 0; i < isolation->mount_count; i++) {
		struct isolation_mount *mount = &isolation->mounts[i];

		if (mount->idmapped && mount->uid.count == 0 &&
		    is_alone(isolation, mount->info->target))
			take_map(plan, isolation, mount);
	}
}
