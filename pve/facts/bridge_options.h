#pragma once

#include <stdbool.h>

struct arena;

/** struct bridge_options - what an administrator says of the ports of a bridge */
struct bridge_options {
	bool no_learning; /* it knows the addresses behind them, and asks nobody */
	bool isolated;    /* they reach no other of them */
};

/** bridge_options_of_interfaces() - by the text of /etc/network/interfaces: interfaces(5) */
void bridge_options_of_interfaces(const char *text, const char *bridge,
				  struct bridge_options *options);

/**
 * bridge_options_of_sdn() - by the text of sdn/.running-config, where the bridge is a virtual
 * network's: JSON, as Proxmox writes it when its network is applied. What can't be read says
 * nothing.
 */
void bridge_options_of_sdn(struct arena *arena, const char *text, const char *bridge,
			   struct bridge_options *options);
