#pragma once

#include "net/net.h"

#include <stdbool.h>

/*
 * The host's end of a pair as a port of a bridge of Open vSwitch, with its VLANs: told to its own
 * tool, ovs-vsctl, in one transaction each time. The pair itself is net.veth's, or that of the
 * firewall's bridge, whose outer end is the port then.
 */
struct ovs_step {
	struct step step;
	const char *name; /* in the container */
	const char *host; /* the end that is the port, and its address: see net.h */
	uint8_t host_hwaddr[HWADDR_BYTES];
	uint32_t mtu;
	struct port port; /* "vlan_aware": each of them is */
};

extern const struct step_kind ovs_kind; /* STEP_ATTACH, after net.veth */

bool ovs_same(const struct step *one, const struct step *other);
int ovs_revert(const struct step *step, struct run *run, struct err *err);
int ovs_change(const struct step *from, const struct step *to, struct run *run, struct err *err);
