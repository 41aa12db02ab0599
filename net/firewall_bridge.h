#pragma once

#include "net/net.h"

/*
 * A bridge between the container and the real one, where the rules of Proxmox's firewall see the
 * container's packets by the names of its ports:
 *
 *	eth0 == veth100i0 -[ fwbr100i0 ]- fwln100i0 == fwpr100p0 -[ vmbr0 ]
 *
 * The port of the real bridge, with its VLANs, is fwpr100p0's. Where that bridge is one of Open
 * vSwitch, it is net/ovs.h that makes it a port.
 */
struct firewall_bridge_step {
	struct step step;
	const char *name;             /* of the interface, in the container */
	const char *bridge;           /* "fwbr100i0"        */
	const char *inner, *outer;    /* "fwln100i0", "fwpr100p0" */
	uint8_t hwaddr[HWADDR_BYTES]; /* of the interface; theirs come from it: hwaddr_derive() */
	uint32_t mtu;
	struct port port;
};

extern const struct step_kind firewall_bridge_kind; /* STEP_ATTACH, before net.veth */

bool firewall_bridge_same(const struct step *one, const struct step *other);
int firewall_bridge_revert(const struct step *step, struct run *run, struct err *err);
int firewall_bridge_change(const struct step *from, const struct step *to, struct run *run,
			   struct err *err);
