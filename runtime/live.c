#include "runtime/live.h"

#include "cgroup/limits.h"
#include "lib/own.h"
#include "net/net.h"

static const struct live_kind kinds[] = {
	{&cgroup_limit_kind, limit_same, limit_revert, limit_change},
	{&veth_kind, veth_same, veth_revert, veth_change},
};

const struct live_kind *live_kind_find(const struct step_kind *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return NULL;
}
