#pragma once

#include <net/if.h>
#include <stdbool.h>

struct action;
struct around;

/** struct host_way - how packets of a veth go through the host's own network layer, or past it */
struct host_way {
	bool there;   /* the other end of its veth is here, and nobody else's but a bridge's */
	bool bridged; /* it is a port of one                                              */
	char interface[IFNAMSIZ]; /* that has its packets there: the bridge, or that end itself  */
	bool tagged; /* as a bridge that keeps VLANs apart, by an interface of its own, perhaps */
	bool next_is_host; /* whom it sends to is this host, not a neighbour                    */
	bool end_is_host;  /* and so is whom it is for, or from                                 */
	char beyond[IFNAMSIZ]; /* where that goes on to; "": there is no way                    */
	bool calls_ip, calls_ip6, calls_arp; /* what is bridged is shown to the host's rules    */
};

/** host_way_look() - for packets between the interface of @around and an action's address */
struct host_way host_way_look(const struct around *around, const struct action *action);
