#include "lib/err.h"
#include "lib/plan.h"
#include "net/dhcp.h"
#include "net/firewall_bridge.h"
#include "net/net.h"
#include "net/ovs.h"
#include "net/rate.h"
#include "net/upper.h"
#include "oci/annotations.h"
#include "oci/ext.h"

#include <ctype.h>
#include <string.h>

static uint8_t hex(char digit)
{
	return (uint8_t)(isdigit((unsigned char)digit) ? digit - '0'
						       : tolower((unsigned char)digit) - 'a' + 10);
}

/* "BC:24:11:00:00:01", as oci_net_read() has proved it to be. */
static void read_hwaddr(const char *text, uint8_t hwaddr[HWADDR_BYTES])
{
	for (size_t i = 0; i < HWADDR_BYTES; i++, text += 3)
		hwaddr[i] = (uint8_t)(hex(text[0]) << 4 | hex(text[1]));
}

static struct port bridge_port(const struct oci_net *net)
{
	struct port port = {
		.bridge = net->bridge,
		.vlan_aware = net->vlan_aware,
		.tag = net->tag,
		.trunk_count = net->trunks.count,
		.trunks = net->trunks.items,
		.options = {.no_learning = net->no_learning, .isolated = net->isolated},
	};

	read_hwaddr(net->hwaddr, port.options.hwaddr);
	return port;
}

/* A pulled cable ends in no bridge. */
static struct port plan_port(const struct oci_net *net)
{
	if (net->link_down)
		return (struct port){};
	return net->ovs ? (struct port){.elsewhere = true} : bridge_port(net);
}

/* Return: what is left to the host's end: a port of the firewall's bridge. */
static struct port plan_firewall(struct plan *plan, const struct oci_net *net, const char *origin)
{
	struct firewall_bridge_step *firewall =
		plan_step(plan, &firewall_bridge_kind, STEP_ATTACH, sizeof(*firewall), origin);

	firewall->name = net->name;
	firewall->bridge = net->firewall->bridge;
	firewall->inner = net->firewall->inner;
	firewall->outer = net->firewall->outer;
	firewall->mtu = net->host_mtu;
	firewall->port = plan_port(net);
	read_hwaddr(net->hwaddr, firewall->hwaddr);
	return (struct port){.bridge = firewall->bridge};
}

static struct veth_step *plan_veth(struct plan *plan, const struct oci_net *net, const char *origin)
{
	const bool firewall = net->firewall && !net->link_down;
	const struct port port = firewall ? plan_firewall(plan, net, origin) : plan_port(net);
	struct veth_step *veth = plan_step(plan, &veth_kind, STEP_ATTACH, sizeof(*veth), origin);

	veth->name = net->name;
	veth->host = net->host;
	veth->port = port;
	veth->mtu = net->mtu;
	veth->host_mtu = net->host_mtu;
	veth->link_down = net->link_down;
	read_hwaddr(net->hwaddr, veth->hwaddr);
	hwaddr_derive(veth->hwaddr, HWADDR_HOST, veth->host_hwaddr);
	return veth;
}

/* Open vSwitch takes the host's end after it is there. */
static void plan_ovs(struct plan *plan, const struct oci_net *net, const struct veth_step *veth)
{
	const bool firewall = net->firewall != NULL;
	struct ovs_step *ovs =
		plan_step(plan, &ovs_kind, STEP_ATTACH, sizeof(*ovs), veth->step.origin);

	ovs->name = veth->name;
	ovs->host = firewall ? net->firewall->outer : veth->host;
	hwaddr_derive(veth->hwaddr, firewall ? HWADDR_OUTER : HWADDR_HOST, ovs->host_hwaddr);
	ovs->mtu = veth->host_mtu;
	ovs->port = bridge_port(net);
	ovs->port.vlan_aware = true;
}

static void plan_rate(struct plan *plan, const struct veth_step *veth, uint64_t bytes)
{
	struct rate_step *rate =
		plan_step(plan, &rate_kind, STEP_ATTACH, sizeof(*rate), veth->step.origin);

	rate->name = veth->name;
	rate->host = veth->host;
	memcpy(rate->host_hwaddr, veth->host_hwaddr, HWADDR_BYTES);
	rate->bytes = bytes;
}

static void plan_address(struct plan *plan, const struct oci_net *net, const char *origin)
{
	struct address_step *address =
		plan_step(plan, &address_kind, STEP_INSIDE, sizeof(*address), origin);

	address->name = net->name;
	address->address_count = net->addresses.count;
	address->addresses = net->addresses.items;
	address->gateway_count = net->gateways.count;
	address->gateways = net->gateways.items;
}

static int plan_pair(struct plan *plan, const struct oci_net *net, const char *origin,
		     struct err *err)
{
	const struct veth_step *veth;

	if (!net->hwaddr) {
		err_plain(err, -EINVAL, "%s: %s has no hwaddr", ANNOTATION_NET, net->name);
		err_hint(err, "choose one like BC:24:11:00:00:01");
		err_origin(err, origin);
		return -EINVAL;
	}
	veth = plan_veth(plan, net, origin);
	if (net->ovs && !net->link_down)
		plan_ovs(plan, net, veth);
	if (net->rate)
		plan_rate(plan, veth, net->rate);
	return 0;
}

static void plan_upper(struct plan *plan, const struct oci_net *net, const char *origin)
{
	struct upper_step *upper =
		plan_step(plan, &upper_kind, STEP_ATTACH, sizeof(*upper), origin);

	upper->type = net->type;
	upper->lower = net->lower;
	upper->name = net->name;
	upper->mode = net->mode;
	upper->vlan = net->vlan;
	upper->mtu = net->mtu;
	upper->has_hwaddr = net->hwaddr != NULL;
	if (net->hwaddr)
		read_hwaddr(net->hwaddr, upper->hwaddr);
}

static int plan_interface(struct plan *plan, const struct oci_net *net, struct err *err)
{
	const char *origin = net->origin ? net->origin : plan_origin(plan, "annotations");
	const char *type = net->type ? net->type : "veth";
	int r = 0;

	if (strcmp(type, "veth") == 0)
		r = plan_pair(plan, net, origin, err);
	else if (strcmp(type, "phys") != 0) /* that is one of linux.netDevices */
		plan_upper(plan, net, origin);
	if (r == 0 && net->up)
		plan_address(plan, net, origin);
	return r;
}

static bool is_new(const struct oci_namespace *network)
{
	return network && (!network->path || !*network->path);
}

int net_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	bool new = is_new(oci_namespace_find(spec, "network"));
	struct oci_net_list list;
	int r = oci_net_read(&plan->arena, spec, &list, err);

	if (r < 0)
		return r;
	if (list.count && !new)
		return err_plain(err, -EINVAL, "%s needs a new network namespace", ANNOTATION_NET);
	if (new)
		plan_step(plan, &loopback_kind, STEP_INSIDE, sizeof(struct step),
			  plan_origin(plan, "linux.namespaces"));
	for (size_t i = 0; r == 0 && i < list.count; i++)
		r = plan_interface(plan, &list.items[i], err);
	dhcp_plan(plan, spec, &list);
	return r;
}
