#include "lib/plan.h"
#include "net/net.h"
#include "oci/spec.h"

static bool is_new(const struct oci_namespace *network)
{
	return network && (!network->path || !*network->path);
}

int net_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	if (is_new(oci_namespace_find(spec, "network")))
		plan_step(plan, &loopback_kind, STEP_INSIDE, sizeof(struct step),
			  plan_origin(plan, "linux.namespaces"));
	return 0;
}
