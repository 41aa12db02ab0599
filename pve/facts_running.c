#include "pve/facts_parts.h"

#include "lib/json.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/ext.h"
#include "oci/spec.h"

#include <string.h>

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

/* Nodes that are made outside and bound, for a user namespace. */
static const struct json *bound_devices(const struct gathering *g, const struct oci_spec *spec)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_DEVICES);
	const struct json *list = NULL;

	if (text)
		(void)json_read(g->arena, ANNOTATION_DEVICES, text, strlen(text), &list, NULL);
	return list;
}

static bool read_bound(const struct json *device, struct pve_device_node *node)
{
	const char *type = json_string(device, "type");
	uint64_t major, minor;

	if (!type || json_u64(json_find(device, "major"), &major) < 0 ||
	    json_u64(json_find(device, "minor"), &minor) < 0)
		return false;
	node->type = *type;
	node->major = (uint32_t)major;
	node->minor = (uint32_t)minor;
	return true;
}

bool facts_running_device(const struct gathering *g, const char *path, struct pve_device_node *node)
{
	const struct oci_spec *spec = g->request->running;

	*node = (struct pve_device_node){.path = path};
	for (size_t i = 0; spec && i < spec->linux.devices.count; i++) {
		const struct oci_device *device = &spec->linux.devices.items[i];

		if (!same_string(device->path, path))
			continue;
		node->type = device->type[0];
		node->major = (uint32_t)device->major;
		node->minor = (uint32_t)device->minor;
		return true;
	}
	json_each (device, spec ? bound_devices(g, spec) : NULL)
		if (same_string(json_string(device, "path"), path) && read_bound(device, node))
			return true;
	return false;
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
