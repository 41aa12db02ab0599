#include "lib/bitlist.h"
#include "lib/err.h"
#include "lib/plan.h"
#include "ns/mempolicy.h"
#include "oci/spec.h"

#include <string.h>

/* linux/mempolicy.h. */
static const struct {
	const char *name, *shown;
	int number;
} modes[] = {
	{"MPOL_DEFAULT", "default", 0},
	{"MPOL_PREFERRED", "prefer", 1},
	{"MPOL_BIND", "bind", 2},
	{"MPOL_INTERLEAVE", "interleave", 3},
	{"MPOL_LOCAL", "local", 4},
	{"MPOL_PREFERRED_MANY", "prefer (many)", 5},
	{"MPOL_WEIGHTED_INTERLEAVE", "weighted interleave", 6},
};

static const struct {
	const char *name;
	int bit;
} flags[] = {
	{"MPOL_F_NUMA_BALANCING", 1 << 13},
	{"MPOL_F_RELATIVE_NODES", 1 << 14},
	{"MPOL_F_STATIC_NODES", 1 << 15},
};

static int find_mode(struct mempolicy_step *step, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (strcmp(modes[i].name, step->mode) == 0) {
			step->number = modes[i].number;
			step->shown = modes[i].shown;
			return 0;
		}
	return err_plain(err, -EINVAL, "linux.memoryPolicy.mode: unknown word '%s'", step->mode);
}

static void add_flag(struct mempolicy_step *step, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (strcmp(flags[i].name, name) == 0)
			step->number |= flags[i].bit;
}

int mempolicy_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const char *origin = plan_origin(plan, "linux.memoryPolicy");
	const char *mode = spec->linux.memory_policy.mode;
	const char *nodes = spec->linux.memory_policy.nodes;
	struct mempolicy_step *step;
	int r;

	if (!mode)
		return 0;
	if (!plan->host->numa) {
		plan_missing(plan, "memoryPolicy", origin, "%s: this kernel has no NUMA", mode);
		return 0;
	}
	step = plan_step(plan, &mempolicy_kind, STEP_EXEC, sizeof(*step), origin);
	step->mode = mode;
	step->nodes = nodes ? nodes : "";
	r = find_mode(step, err);
	for (size_t i = 0; r == 0 && i < spec->linux.memory_policy.flags.count; i++)
		add_flag(step, spec->linux.memory_policy.flags.items[i]);
	if (r == 0 && *step->nodes &&
	    bitlist_read(step->nodes, step->mask, MEMPOLICY_NODES_MAX) < 0)
		r = err_plain(err, -EINVAL, "linux.memoryPolicy.nodes: '%s' is no list of nodes",
			      step->nodes);
	return r;
}
