#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/mempolicy.h"

#include <string.h>

static const struct mempolicy_step *policy_of(const struct step *step)
{
	return container_of(step, struct mempolicy_step, step);
}

/* The kernel counts one bit less than it is told. */
static int mempolicy_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct mempolicy_step *policy = policy_of(step);
	bool nodes = *policy->nodes;
	int r = sys_set_mempolicy(policy->number, nodes ? policy->mask : NULL,
				  nodes ? MEMPOLICY_NODES_MAX + 1 : 0);

	if (r < 0)
		err_set(err, r, "set the memory policy");
	if (r == -EINVAL)
		err_hint(err, "see set_mempolicy(2) for which mode takes which flags and nodes, "
			      "/sys/devices/system/node/has_memory for the nodes of this host");
	return r;
}

/* "55d... bind:0 file=...": what a mapping without a policy of its own has is the process'. */
static int mempolicy_observe(const struct step *step, struct run *run, struct observation *seen,
			     struct err *err)
{
	size_t length = strlen(policy_of(step)->shown);
	const char *policy;
	char line[256];

	if (file_line(run->pid_dir_fd, "numa_maps", line, sizeof(line)) <= 0 ||
	    !(policy = strchr(line, ' ')))
		return observe(seen, OBSERVED_UNSEEN, "numa_maps can't be read");
	policy++;
	return observe(seen,
		       strncmp(policy, policy_of(step)->shown, length) == 0 &&
				       strchr(" :=", policy[length])
			       ? OBSERVED_HOLDS
			       : OBSERVED_DIFFERS,
		       "%.*s", (int)strcspn(policy, " "), policy);
}

static void mempolicy_describe(const struct step *step, struct text *text)
{
	const struct mempolicy_step *policy = policy_of(step);

	text_add(text, policy->mode);
	if (*policy->nodes)
		text_addf(text, ", nodes %s", policy->nodes);
}

static void mempolicy_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "mode", policy_of(step)->mode);
	json_out_string(out, "nodes", policy_of(step)->nodes);
	json_out_i64(out, "number", policy_of(step)->number);
}

const struct step_kind mempolicy_kind = {
	.name = "memory.policy",
	.describe = mempolicy_describe,
	.write = mempolicy_write,
	.apply = mempolicy_apply,
	.observe = mempolicy_observe,
};
