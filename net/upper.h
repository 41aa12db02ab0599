#pragma once

#include "net/net.h"

#include <stdbool.h>

/*
 * An interface of the container on top of one of the host's, which sends and gets its packets:
 * macvlan, ipvlan, vlan. It ends with the container's network namespace.
 */
struct upper_step {
	struct step step;
	const char *type;  /* "macvlan"           */
	const char *lower; /* the host's: "eth0"  */
	const char *name;  /* in the container    */
	const char *mode;  /* of macvlan, ipvlan: "bridge", "l3"; NULL: LXC's own default */
	uint32_t vlan;     /* of vlan */
	bool has_hwaddr;   /* else the kernel finds one */
	uint8_t hwaddr[HWADDR_BYTES];
	uint32_t mtu; /* 0: the lower one's */
};

extern const struct step_kind upper_kind; /* STEP_ATTACH */
