#pragma once

#include "lib/err.h"
#include "pve/conf/conf.h"
#include "pve/facts/facts.h"

/* What the files that gather facts share. */

struct pve_net;

struct gathering {
	struct arena *arena;
	const struct pve_facts_request *request;
	const struct pve_conf *conf;
	struct pve_facts *facts;
	struct err *err;
};

/** facts_origin() - the config line of @entry. */
const char *facts_origin(const struct gathering *g, const struct pve_entry *entry);

/** facts_add_name() - one more at the end of @names, which only this has filled; both are kept. */
void facts_add_name(const struct gathering *g, struct pve_names *names, const char *name,
		    const char *value);

/** facts_add_hwaddr() - a hardware address for an interface without, to be found by @key. */
int facts_add_hwaddr(const struct gathering *g, const char *key);

/** facts_add_addresses() - those of @net that its bridge has as well. */
void facts_add_addresses(const struct gathering *g, const struct pve_net *net);

/** facts_add_device() - the numbers of the device at @path; once for each path. */
int facts_add_device(const struct gathering *g, const struct pve_entry *entry, const char *path);

/** facts_running_mount(), _device(), _bridge() - has the running container (request->running) one?
 * Then it need not be on the host any more. */
bool facts_running_mount(const struct gathering *g, const char *source);
bool facts_running_device(const struct gathering *g, const char *path,
			  struct pve_device_node *node);
bool facts_running_bridge(const struct gathering *g, const char *name, struct pve_bridge *bridge);

int facts_gather_net(const struct gathering *g);      /* bridges, hardware addresses */
int facts_gather_firewall(const struct gathering *g); /* the texts of its rules      */
int facts_gather_raw(const struct gathering *g);      /* what raw lines name      */
int facts_gather_absent(const struct gathering *g);   /* sources that are not there */
int facts_gather_lxcfs(const struct gathering *g);
