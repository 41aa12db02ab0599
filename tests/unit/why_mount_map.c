#include "debug/isolation.h"
#include "lib/mountinfo.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "ns/root.h"
#include "why/mount_map.h"

#include <criterion/criterion.h>
#include <string.h>

enum { SHOWN = 5, OWN = 1000, INSIDE = 100000 }; /* what 0 is in a map */

static struct idmap map_of(struct idmap_range *range, uint32_t outside)
{
	*range = (struct idmap_range){0, outside, 10};
	return (struct idmap){1, range};
}

static void plan_mount(struct plan *plan, struct mount_values *values)
{
	struct mount_step *step = plan_step(plan, &mount_kind, STEP_ENTER, sizeof(*step), NULL);

	step->values = values;
}

/* The mounts of the table's containers: a root that is shown by the container's map, and three. */
static void plan_all(struct plan *plan, const struct idmap *own)
{
	static struct mount_values values[] = {
		{.destination = "/own", .idmapped = true, .own_map = true},
		{.destination = "/containers", .idmapped = true},
		{.destination = "/plain"},
	};
	struct root_step *root =
		plan_step(plan, &root_attach_kind, STEP_ENTER, sizeof(*root), NULL);

	root->values = (struct mount_values){.destination = "/", .idmapped = true};
	values[0].uid = values[0].gid = *own;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		plan_mount(plan, &values[i]);
}

Test(why_mount_map, by_plan)
{
	static const struct {
		const char *target;
		bool idmapped, shown, twice;
		uint32_t outside; /* 0: none is known */
	} rows[] = {
		{"/own", true, false, false, OWN},
		{"/containers", true, false, false, INSIDE},
		{"/", true, false, false, INSIDE},
		{"/own", true, true, false, SHOWN}, /* the kernel knows better */
		{"/own", true, false, true, 0},     /* whose it is */
		{"/own", false, false, false, 0},   /* somebody has mounted another */
		{"/plain", true, false, false, 0},  /* the same */
		{"/own/er", true, false, false, 0},
	};
	struct idmap_range ranges[3];
	const struct idmap shown = map_of(&ranges[0], SHOWN), own = map_of(&ranges[1], OWN),
			   inside = map_of(&ranges[2], INSIDE);
	cleanup_(plan_free) struct plan plan = {};

	plan_all(&plan, &own);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct mountinfo info = {.target = rows[i].target};
		struct isolation_mount mounts[] = {{.info = &info, .idmapped = rows[i].idmapped},
						   {.info = &info}};
		struct isolation isolation = {.uid_map = inside,
					      .gid_map = inside,
					      .mounts = mounts,
					      .mount_count = rows[i].twice ? 2 : 1};

		if (rows[i].shown)
			mounts[0].uid = mounts[0].gid = shown;
		mount_maps_by_plan(&plan, &isolation);
		cr_expect_eq(mounts[0].uid.count ? mounts[0].uid.ranges[0].outside : 0,
			     rows[i].outside, "row %zu", i);
		cr_expect_eq(mounts[0].uid.ranges, mounts[0].gid.ranges, "row %zu", i);
	}
}
