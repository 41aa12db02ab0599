#include "net/port.h"

#include "lib/err.h"
#include "lib/json.h"
#include "lib/step.h"
#include "lib/text.h"
#include "net/link.h"
#include "net/rtnl.h"
#include "net/vlan_bridge.h"
#include "net/vlans.h"

#include <net/if.h>
#include <string.h>

static void write_trunks(const struct port *port, struct text *text)
{
	for (size_t i = 0; i < port->trunk_count; i++)
		text_addf(text, "%s%u", i ? ";" : "", port->trunks[i]);
}

static bool has_vlan_bridge(const struct port *port)
{
	return port->bridge && port->tag && !port->vlan_aware;
}

/* Of the bridge that it is really in; "" for none. */
static const char *bridge_name(const struct port *port, char name[IFNAMSIZ])
{
	if (has_vlan_bridge(port))
		return vlan_bridge_name(port->bridge, port->tag, name);
	return port->bridge ? port->bridge : "";
}

void port_describe(const struct port *port, struct text *text)
{
	char name[IFNAMSIZ];

	if (!port->bridge)
		return;
	text_addf(text, " in bridge %s", bridge_name(port, name));
	if (port->tag)
		text_addf(text, ", VLAN %u", port->tag);
	if (has_vlan_bridge(port))
		text_addf(text, " of %s", port->bridge);
	if (port->trunk_count) {
		text_add(text, ", trunks ");
		write_trunks(port, text);
	}
	if (port->options.no_learning)
		text_add(text, ", no learning");
	if (port->options.isolated)
		text_add(text, ", isolated");
}

void port_write(const struct port *port, struct json_out *out)
{
	if (!port->bridge)
		return;
	json_out_string(out, "bridge", port->bridge);
	json_out_bool(out, "vlan_aware", port->vlan_aware);
	if (port->tag)
		json_out_u64(out, "tag", port->tag);
	if (!port->trunk_count)
		return;
	json_out_array(out, "trunks");
	for (size_t i = 0; i < port->trunk_count; i++)
		json_out_u64(out, NULL, port->trunks[i]);
	json_out_end(out);
}

bool port_same_bridge(const struct port *one, const struct port *other)
{
	char a[IFNAMSIZ], b[IFNAMSIZ];

	return strcmp(bridge_name(one, a), bridge_name(other, b)) == 0;
}

/* ------------------------------------------------------------------------- coming and going */

static int open_vlan_bridge(struct nl_sock *sock, const struct port *port, struct port_place *place,
			    struct err *err)
{
	cleanup_close int lock_fd = vlan_bridge_lock(VLAN_LOCK_SECONDS, err);

	if (lock_fd < 0)
		return lock_fd;
	place->index = vlan_bridge_ensure(sock, port->bridge, port->tag, err);
	if (place->index < 0)
		return place->index;
	place->lock_fd = take_fd(&lock_fd);
	return 0;
}

int port_open(struct nl_sock *sock, const struct port *port, struct port_place *place,
	      struct err *err)
{
	if (!port->bridge)
		return 0;
	place->index = (int)if_nametoindex(port->bridge);
	if (place->index == 0) {
		err_plain(err, -ENODEV, "bridge %s does not exist", port->bridge);
		err_hint(err, "make it on the host: ip link add %s type bridge", port->bridge);
		return -ENODEV;
	}
	return has_vlan_bridge(port) ? open_vlan_bridge(sock, port, place, err) : 0;
}

int port_leave(struct nl_sock *sock, const struct port *port, struct err *err)
{
	cleanup_close int lock_fd = -EBADF;

	if (!has_vlan_bridge(port))
		return 0;
	lock_fd = vlan_bridge_lock(VLAN_LOCK_SECONDS, err);
	return lock_fd < 0 ? lock_fd : vlan_bridge_leave(sock, port->bridge, port->tag, err);
}

int port_undo(const struct json *record, struct err *err)
{
	const struct json *aware = json_find(record, "vlan_aware");
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	struct port port = {.bridge = json_string(record, "bridge")};
	uint64_t tag = 0;
	int r;

	(void)json_u64(json_find(record, "tag"), &tag); /* absent: none */
	port.vlan_aware = aware && aware->boolean;
	port.tag = (uint32_t)tag;
	if (!has_vlan_bridge(&port))
		return 0;
	r = rtnl_open(&sock, err);
	return r < 0 ? r : port_leave(sock, &port, err);
}

/* ------------------------------------------------------------------------------------ VLANs */

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

static int set_vlans(struct nl_sock *sock, int index, const struct port *from,
		     const struct port *port, struct err *err)
{
	struct vlans vlans;
	int r;

	if (!port->vlan_aware || (from && port_same_vlans(from, port)))
		return 0;
	find_vlans(port, &vlans);
	r = vlans_set(sock, index, &vlans);
	return r < 0 ? err_set(err, r, "set the VLANs of its port of %s", port->bridge) : 0;
}

int port_settle(struct nl_sock *sock, int index, const struct port *from, const struct port *port,
		struct err *err)
{
	int r = set_vlans(sock, index, from, port, err);

	if (r < 0)
		return r;
	r = port_options_set(sock, index, from ? &from->options : NULL, &port->options);
	return r < 0 ? err_set(err, r, "set what its port of %s may do", port->bridge) : 0;
}

int port_observe(struct nl_sock *sock, struct rtnl_link *link, const struct port *port,
		 struct observation *seen, struct err *err)
{
	const char *name = rtnl_link_get_name(link);
	char buffer[IFNAMSIZ];
	const char *bridge = bridge_name(port, buffer);
	const int master = *bridge ? (int)if_nametoindex(bridge) : 0;
	struct vlans wanted, found;
	int r;

	if (port->elsewhere)
		return 0;
	if (*bridge && master == 0)
		return observe(seen, OBSERVED_DIFFERS, "bridge %s is gone", bridge);
	if (rtnl_link_get_master(link) != master)
		return observe(seen, OBSERVED_DIFFERS, "%s is not in bridge %s", name,
			       *bridge ? bridge : "(none)");
	if (!port->bridge)
		return 0;
	r = port_options_hold(sock, rtnl_link_get_ifindex(link), &port->options);
	if (r < 0)
		return err_set(err, r, "look at what %s may do in %s", name, bridge);
	if (r == 0)
		return observe(seen, OBSERVED_DIFFERS, "%s may do otherwise in %s", name, bridge);
	if (!port->vlan_aware)
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
