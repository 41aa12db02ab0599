#pragma once

#include "pve/conf/property.h"

#include <stdbool.h>

struct arena;
struct err;
struct setup;

/* What the files of a guest's network are made from, whoever reads them: net0, net1, ... */

enum ip_family { IP4, IP6, IP_FAMILIES };

/* struct setup_ip - one family of one interface */
struct setup_ip {
	const char *cidr; /* "10.0.0.2/24"; NULL: no static address    */
	bool dhcp;
	bool slaac;          /* IPv6 only: by router advertisements       */
	const char *gateway; /* of a static address; NULL: none           */
	bool off_link;       /* a route of its own leads to the gateway   */
};

struct setup_ip setup_ip(const struct pve_net *net, enum ip_family family);

/**
 * setup_net() - the next network interface of the config, from *@index on
 * Return: false: no more. Go on with *@index + 1.
 */
bool setup_net(const struct setup *setup, struct arena *arena, unsigned int *index,
	       struct pve_net *net);

/** setup_each_net() - @write for each interface that has a name, until one fails. */
int setup_each_net(const struct setup *setup,
		   int (*write)(const struct setup *setup, const struct pve_net *net,
				struct err *err),
		   struct err *err);

/** setup_netmask() - "255.255.255.0" of "10.0.0.2/24", in @arena. */
const char *setup_netmask(struct arena *arena, const char *cidr);

/** setup_uuid() - an interface's, always the same one (RFC 9562, version 5), in @arena. */
const char *setup_uuid(struct arena *arena, const struct pve_net *net);
