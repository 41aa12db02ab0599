#include "net/port.h"

#include "lib/err.h"
#include "lib/json.h"
#include "lib/step.h"
#include "lib/text.h"
#include "net/link.h"
#include "net/vlans.h"

#include <net/if.h>
#include <string.h>

static void write_trunks(const struct port *port, struct text *text)
{
	for (size_t i = 0; i < port->trunk_count; i++)
		text_addf(text, "%s%u", i ? ";" : "", port->trunks[i]);
}

void port_describe(const struct port *port, struct text *text)
{
	if (!port->bridge)
		return;
	text_addf(text, " in bridge %s", port->bridge);
	if (port->vlan_aware && port->tag)
		text_addf(text, ", VLAN %u", port->tag);
	if (port->vlan_aware && port->trunk_count) {
		text_add(text, ", trunks ");
		write_trunks(port, text);
	}
}

void port_write(const struct port *port, struct json_out *out)
{
	if (!port->bridge)
		return;
	json_out_string(out, "bridge", port->bridge);
	if (!port->vlan_aware)
		return;
	json_out_u64(out, "tag", port->tag);
	json_out_array(out, "trunks");
	for (size_t i = 0; i < port->trunk_count; i++)
		json_out_u64(out, NULL, port->trunks[i]);
	json_out_end(out);
}

bool port_same_bridge(const struct port *one, const struct port *other)
{
	return one->bridge && other->bridge ? strcmp(one->bridge, other->bridge) == 0
					    : one->bridge == other->bridge;
}

int port_set_bridge(struct rtnl_link *link, const char *bridge, struct err *err)
{
	unsigned int index = if_nametoindex(bridge);

	if (index == 0) {
		err_plain(err, -ENODEV, "bridge %s does not exist", bridge);
		err_hint(err, "make it on the host: ip link add %s type bridge", bridge);
		return -ENODEV;
	}
	rtnl_link_set_master(link, (int)index);
	return 0;
}

static void find_vlans(const struct port *port, struct vlans *vlans)
{
	enum { OWN = 1 };

	*vlans = (struct vlans){.untagged = port->tag ? port->tag : OWN};
	for (size_t i = 0; i < port->trunk_count; i++)
		vlans_add(vlans, port->trunks[i], port->trunks[i]);
	if (!port->tag && !port->trunk_count)
		vlans_add(vlans, VLAN_FIRST, VLAN_LAST);
	vlans_add(vlans, vlans->untagged, vlans->untagged);
}

bool port_same_vlans(const struct port *one, const struct port *other)
{
	struct vlans a, b;

	find_vlans(one, &a);
	find_vlans(other, &b);
	return one->vlan_aware == other->vlan_aware && vlans_same(&a, &b);
}

int port_set_vlans(struct nl_sock *sock, int index, const struct port *port, struct err *err)
{
	struct vlans vlans;
	int r;

	find_vlans(port, &vlans);
	r = vlans_set(sock, index, &vlans);
	return r < 0 ? err_set(err, r, "set the VLANs of its port of %s", port->bridge) : 0;
}

int port_observe(struct nl_sock *sock, struct rtnl_link *link, const struct port *port,
		 struct observation *seen, struct err *err)
{
	const int master = port->bridge ? (int)if_nametoindex(port->bridge) : 0;
	const char *name = rtnl_link_get_name(link);
	struct vlans wanted, found;
	int r;

	if (rtnl_link_get_master(link) != master)
		return observe(seen, OBSERVED_DIFFERS, "%s is not in bridge %s", name,
			       port->bridge ? port->bridge : "(none)");
	if (!port->bridge || !port->vlan_aware)
		return 0;
	r = vlans_get(sock, rtnl_link_get_ifindex(link), &found);
	if (r < 0)
		return err_set(err, r, "list the VLANs of ports");
	find_vlans(port, &wanted);
	if (vlans_same(&wanted, &found))
		return 0;
	return observe(seen, OBSERVED_DIFFERS, "%s has other VLANs, untagged %u", name,
		       found.untagged);
}
