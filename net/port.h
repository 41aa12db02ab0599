#pragma once

#include "lib/own.h"
#include "net/port_options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json;
struct json_out;
struct nl_sock;
struct observation;
struct rtnl_link;
struct text;

/*
 * What an interface is to a bridge. Of a VLAN-aware one its port carries the VLAN @tag (1) untagged
 * and those of @trunks tagged; with neither, all others are tagged, so that the container can have
 * VLAN devices of its own. Of another one @tag is a bridge of its own: net/vlan_bridge.h.
 * One @elsewhere is Open vSwitch's, which does with it as it likes: net/ovs.h.
 */
struct port {
	const char *bridge; /* NULL: of none */
	bool vlan_aware, elsewhere;
	uint32_t tag;
	size_t trunk_count;
	const uint32_t *trunks;
	struct port_options options;
};

/** port_describe() - " in bridge vmbr0, VLAN 20"; nothing where there is no bridge. */
void port_describe(const struct port *port, struct text *text);

/** port_write() - its values as members of the open object, as port_undo() wants them. */
void port_write(const struct port *port, struct json_out *out);

bool port_same_bridge(const struct port *one, const struct port *other);
bool port_same_vlans(const struct port *one, const struct port *other);

/** struct port_place - the bridge that a link is to be a port of, there until this is closed */
struct port_place {
	int index;   /* 0: none */
	int lock_fd; /* -EBADF: nobody takes that bridge away */
};

/** port_open() - find the bridge, and make it where that is a VLAN's.
 * @place: {.lock_fd = -EBADF} before
 * Return: 0; -ENODEV: no such bridge. */
int port_open(struct nl_sock *sock, const struct port *port, struct port_place *place,
	      struct err *err);

static inline void port_close(struct port_place *place)
{
	close_fd(place->lock_fd);
}
DEFINE_CLEANUP(struct port_place, port_close);

/** port_settle() - after it has entered the bridge: its VLANs and no others, where that keeps them
 * apart; its options. @from: what the port @index was before, in the same bridge; NULL: it is new
 */
int port_settle(struct nl_sock *sock, int index, const struct port *from, const struct port *port,
		struct err *err);

/** port_settles() - whether there is something to do for it: nothing should pass before. */
static inline bool port_settles(const struct port *port)
{
	return port->vlan_aware || port_options_any(&port->options);
}

/** struct port_move - a link of ours on its way to another port, or to other VLANs of the same */
struct port_move {
	const struct port *from, *to;
	bool was_up, up;
	uint32_t mtu; /* 0: as it is */
};

/** port_move() - nothing passes it while it isn't where it belongs. */
int port_move(struct nl_sock *sock, struct rtnl_link *link, const struct port_move *move,
	      struct err *err);

/** port_leave() - after the link has gone from there: the bridge too, if nobody needs it. */
int port_leave(struct nl_sock *sock, const struct port *port, struct err *err);

/** port_undo() - the same by what port_write() wrote. */
int port_undo(const struct json *record, struct err *err);

/** port_observe() - whether @link is such a port. @seen is filled only where it is otherwise.
 * Return: 0 or a negative errno. */
int port_observe(struct nl_sock *sock, struct rtnl_link *link, const struct port *port,
		 struct observation *seen, struct err *err);
