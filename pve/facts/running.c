#include "pve/facts/parts.h"

#include "lib/text.h"
#include "oci/ext.h"
#include "oci/ext_mounts.h"
#include "oci/spec.h"

/*
 * A bridge, a directory, a device may be gone from the host while a container that has it runs on:
 * a change of something else has no need of them. What they were is in what the container was made
 * from.
 */

bool facts_running_mount(const struct gathering *g, const char *source)
{
	const struct oci_spec *spec = g->request->running;

	for (size_t i = 0; spec && i < spec->mounts.count; i++)
		if (same_string(spec->mounts.items[i].source, source))
			return true;
	return false;
}

static bool find_own(const struct oci_spec *spec, const char *path, struct pve_device_node *node)
{
	for (size_t i = 0; i < spec->linux.devices.count; i++) {
		const struct oci_device *device = &spec->linux.devices.items[i];

		if (!same_string(device->path, path))
			continue;
		*node = (struct pve_device_node){path, *device->type, (uint32_t)device->major,
						 (uint32_t)device->minor};
		return true;
	}
	return false;
}

/* Nodes that are made outside and bound, for a user namespace. */
static bool find_passed(const struct gathering *g, const char *path, struct pve_device_node *node)
{
	struct oci_passed_list list = {};

	if (oci_passed_read(g->arena, g->request->running, &list, NULL) < 0)
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct oci_passed *passed = &list.items[i];

		if (!same_string(passed->path, path))
			continue;
		*node = (struct pve_device_node){path, *passed->type, passed->major, passed->minor};
		return true;
	}
	return false;
}

bool facts_running_device(const struct gathering *g, const char *path, struct pve_device_node *node)
{
	const struct oci_spec *spec = g->request->running;

	return spec && (find_own(spec, path, node) || find_passed(g, path, node));
}

bool facts_running_bridge(const struct gathering *g, const char *name, struct pve_bridge *bridge)
{
	struct oci_net_list list = {};

	if (!g->request->running || oci_net_read(g->arena, g->request->running, &list, NULL) < 0)
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct oci_net *net = &list.items[i];

		if (!same_string(net->bridge, name))
			continue;
		*bridge = (struct pve_bridge){
			.name = name,
			.mtu = net->host_mtu,
			.kind = net->vlan_aware ? PVE_BRIDGE_VLAN_AWARE
				: net->ovs      ? PVE_BRIDGE_OVS
						: PVE_BRIDGE_PLAIN,
			.options = {net->no_learning, net->isolated},
		};
		return true;
	}
	return false;
}
