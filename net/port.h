#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json_out;
struct nl_sock;
struct observation;
struct rtnl_link;
struct text;

/*
 * What an interface is to a bridge. Of a VLAN-aware one its port carries the VLAN @tag (1) untagged
 * and those of @trunks tagged; with neither, all others are tagged, so that the container can have
 * VLAN devices of its own.
 */
struct port {
	const char *bridge; /* NULL: of none */
	bool vlan_aware;
	uint32_t tag;
	size_t trunk_count;
	const uint32_t *trunks;
};

/** port_describe() - " in bridge vmbr0, VLAN 20"; nothing where there is no bridge. */
void port_describe(const struct port *port, struct text *text);

/** port_write() - its values as members of the open object. */
void port_write(const struct port *port, struct json_out *out);

bool port_same_bridge(const struct port *one, const struct port *other);
bool port_same_vlans(const struct port *one, const struct port *other);

/** port_set_bridge() - note in @link that it is to be a port of @bridge. -ENODEV: no such bridge.
 */
int port_set_bridge(struct rtnl_link *link, const char *bridge, struct err *err);

/** port_set_vlans() - give the port @index these VLANs and no others; it is in a VLAN-aware bridge.
 */
int port_set_vlans(struct nl_sock *sock, int index, const struct port *port, struct err *err);

/** port_observe() - whether @link is such a port. @seen is filled only where it is otherwise.
 * Return: 0 or a negative errno. */
int port_observe(struct nl_sock *sock, struct rtnl_link *link, const struct port *port,
		 struct observation *seen, struct err *err);
