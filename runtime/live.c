#include "runtime/live.h"

#include "cgroup/devices.h"
#include "cgroup/limits.h"
#include "lib/own.h"
#include "net/dhcp.h"
#include "net/firewall.h"
#include "net/firewall_bridge.h"
#include "net/net.h"
#include "net/ovs.h"
#include "net/rate.h"
#include "ns/dev.h"
#include "ns/mount.h"
#include "ns/volume.h"

static const struct live_kind kinds[] = {
	{&cgroup_limit_kind, LIVE_HOST, limit_same, limit_revert, limit_change},
	{&cgroup_devices_kind, LIVE_HOST, devices_same, NULL, devices_change},
	{&firewall_kind, LIVE_HOST, firewall_same, firewall_revert, firewall_change},
	{&firewall_bridge_kind, LIVE_HOST, firewall_bridge_same, firewall_bridge_revert,
	 firewall_bridge_change, .goes_last = true},
	{&veth_kind, LIVE_HOST, veth_same, veth_revert, veth_change},
	{&ovs_kind, LIVE_HOST, ovs_same, ovs_revert, ovs_change},
	{&rate_kind, LIVE_HOST, rate_same, rate_revert, rate_change},
	{&dhcp_kind, LIVE_HOST, dhcp_same, dhcp_revert, dhcp_change},
	{&volume_kind, LIVE_OUTSIDE, volume_same, NULL, NULL},
	{&mount_source_kind, LIVE_OUTSIDE, mount_same, NULL, NULL},
	{&mount_idmap_kind, LIVE_OUTSIDE, mount_same, NULL, NULL},
	{&dev_source_kind, LIVE_OUTSIDE, dev_same, NULL, NULL},
	{&dev_node_kind, LIVE_OUTSIDE, dev_same, NULL, NULL},
	{&dev_stage_kind, LIVE_OUTSIDE, dev_same, NULL, NULL},
	{&mount_kind, LIVE_INSIDE, mount_same, mount_revert, NULL},
	{&dev_kind, LIVE_INSIDE, dev_same, dev_revert, NULL},
};

const struct live_kind *live_kind_find(const struct step_kind *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return NULL;
}
