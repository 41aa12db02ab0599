#include "lib/plan.h"
#include "ns/idmap.h"
#include "oci/spec.h"

static void copy(struct plan *plan, const struct oci_id_mappings *from, struct idmap *to)
{
	to->count = from->count;
	to->ranges = arena_array(&plan->arena, from->count, sizeof(*to->ranges));
	for (size_t i = 0; i < from->count; i++) {
		to->ranges[i].inside = from->items[i].container_id;
		to->ranges[i].outside = from->items[i].host_id;
		to->ranges[i].count = from->items[i].size;
	}
}

int idmap_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const struct oci_namespace *user = oci_namespace_find(spec, "user");
	bool joined = user && user->path && *user->path;
	struct idmap_step *step;

	if (!user || spec->linux.uid_mappings.count + spec->linux.gid_mappings.count == 0)
		return 0;
	step = plan_step(plan, joined ? &idmap_joined_kind : &idmap_kind, STEP_MAP, sizeof(*step),
			 plan_origin(plan, "linux.uidMappings"));
	copy(plan, &spec->linux.uid_mappings, &step->uid);
	copy(plan, &spec->linux.gid_mappings, &step->gid);
	return 0;
}
