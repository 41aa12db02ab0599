#include "runtime/kinds.h"

#include "cgroup/cgroup.h"
#include "cgroup/rdt.h"
#include "cgroup/scope.h"
#include "lib/own.h"
#include "lib/step.h"
#include "net/device.h"
#include "net/firewall.h"
#include "net/firewall_bridge.h"
#include "net/net.h"
#include "net/ovs.h"
#include "ns/lsm.h"
#include "ns/volume.h"
#include "runtime/criu_image.h"

#include <string.h>

/* Every kind that leaves something on the host: what a journal may speak of. */
static const struct step_kind *const kinds[] = {
	&cgroup_create_kind,   &cgroup_scope_kind, &rdt_group_kind,
	&volume_kind,          &veth_kind,         &hold_kind,
	&device_kind,          &lsm_profile_kind,  &firewall_kind,
	&firewall_bridge_kind, &ovs_kind,          &criu_image_kind,
};

const struct step_kind *step_kind_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}
