#include "lib/err.h"
#include "lib/plan.h"
#include "ns/idmap.h"
#include "ns/spec_help.h"
#include "oci/spec.h"

#include <linux/capability.h>

static bool is_one(const struct idmap *map, uint32_t id)
{
	return map->count == 1 && map->ranges[0].count == 1 && map->ranges[0].outside == id;
}

static bool has(const struct host *host, unsigned int capability)
{
	return !host->ordinary || host->capabilities & 1ULL << capability;
}

/* user_namespaces(7): without the right to set ids one may map one's own alone. */
static const struct step_kind *who_writes(const struct host *host, const struct idmap *uid,
					  const struct idmap *gid)
{
	const bool may = has(host, CAP_SETUID) && has(host, CAP_SETGID);
	const bool own = is_one(uid, host->uid) && is_one(gid, host->gid);

	return may || own ? &idmap_kind : &idmap_helped_kind;
}

int idmap_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const struct idmap uid = idmap_of(plan, &spec->linux.uid_mappings);
	const struct idmap gid = idmap_of(plan, &spec->linux.gid_mappings);
	const struct step_kind *kind = &idmap_joined_kind;
	struct idmap_step *step;

	if (!spec_namespace(spec, "user") || uid.count + gid.count == 0)
		return 0;
	if (spec_new_namespace(spec, "user"))
		kind = who_writes(plan->host, &uid, &gid);
	step = plan_step(plan, kind, STEP_MAP, sizeof(*step),
			 plan_origin(plan, "linux.uidMappings"));
	step->uid = uid;
	step->gid = gid;
	step->deny_setgroups = !has(plan->host, CAP_SETGID);
	return 0;
}
