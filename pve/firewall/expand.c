#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

/* The cluster's list of those that no container hears. */
static void add_blacklist(const struct expansion *e)
{
	if (firewall_section(&e->request->files->cluster, "ipset", "blacklist"))
		*list_push(e->arena, &e->firewall->rules) = (struct oci_firewall_rule){
			.direction = "in",
			.action = "drop",
			.source_set = "dc-blacklist",
			.origin = "ipset blacklist in firewall/cluster.fw",
		};
}

/* ------------------------------------------------------------------ sets and interfaces */

static bool is_used(const struct oci_firewall *firewall, const char *set)
{
	for (size_t i = 0; i < firewall->rules.count; i++) {
		const struct oci_firewall_rule *rule = &firewall->rules.items[i];

		if (same_string(rule->source_set, set) || same_string(rule->destination_set, set))
			return true;
	}
	return false;
}

/* Only what rules refer to: a cluster can have many more. */
static int add_sets(const struct expansion *e, const struct firewall_file *file, const char *scope)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < file->count; i++) {
		struct oci_firewall_set set = {};

		if (strcmp(file->items[i].kind, "ipset") != 0)
			continue;
		set.name = arena_printf(e->arena, "%s-%s", scope, file->items[i].name);
		if (!is_used(e->firewall, set.name))
			continue;
		r = firewall_set_read(e->arena, e->request->files, &file->items[i], &set.addresses,
				      e->err);
		*list_push(e->arena, &e->firewall->sets) = set;
	}
	return r;
}

/* RFC 4291, appendix A: the link-local address that is made of a hardware address. */
static const char *link_local(struct arena *arena, const char *hwaddr)
{
	unsigned int b[6];

	if (sscanf(hwaddr, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) !=
	    6)
		return "fe80::";
	return arena_printf(arena, "fe80::%x:%xff:fe%02x:%x", (b[0] ^ 2) << 8 | b[1], b[2], b[3],
			    b[4] << 8 | b[5]);
}

static void add_static(struct arena *arena, struct oci_strings *sources, const char *ip)
{
	if (ip && strchr(ip, '/'))
		*list_push(arena, sources) = arena_strndup(arena, ip, strcspn(ip, "/"));
}

static int add_interface(const struct expansion *e, const struct firewall_net *net)
{
	const struct firewall_options *options = e->request->options;
	const char *name = arena_printf(e->arena, "ipfilter-%s", net->key);
	const struct firewall_section *section =
		firewall_section(&e->request->files->guest, "ipset", name);
	struct oci_firewall_interface interface = {
		.host = net->host,
		.hwaddr = options->macfilter ? net->hwaddr : NULL,
		.filtered = options->ipfilter || section,
	};
	int r = 0;

	if (section)
		r = firewall_set_read(e->arena, e->request->files, section, &interface.sources,
				      e->err);
	if (interface.filtered) {
		interface.origin = section ? arena_printf(e->arena, "ipset %s in firewall/%s.fw",
							  name, e->request->id)
					   : oci_map_find(&options->origins, "ipfilter");
		*list_push(e->arena, &interface.sources) = link_local(e->arena, net->hwaddr);
		add_static(e->arena, &interface.sources, net->ip);
		add_static(e->arena, &interface.sources, net->ip6);
	}
	*list_push(e->arena, &e->firewall->interfaces) = interface;
	return r;
}

int firewall_expand(struct arena *arena, const struct firewall_request *request,
		    struct oci_firewall *firewall, struct err *err)
{
	const struct expansion e = {arena, request, firewall, err};
	const struct firewall_options *options = request->options;
	int r = 0;

	*firewall = (struct oci_firewall){
		.name = request->id,
		.policy_in = options->policy_in,
		.policy_out = options->policy_out,
		.log_in = options->log_in,
		.log_out = options->log_out,
		.dhcp = options->dhcp,
		.ndp = options->ndp,
		.radv = options->radv,
		.invalid = options->invalid,
		.protocols = options->layer2_protocols,
		.origins = options->origins,
		.origin = arena_printf(arena, "firewall/%s.fw", request->id),
	};
	for (size_t i = 0; r == 0 && i < request->net_count; i++)
		r = add_interface(&e, &request->nets[i]);
	add_blacklist(&e);
	if (r == 0)
		r = firewall_expand_rules(&e);
	if (r == 0)
		r = add_sets(&e, &request->files->guest, "guest");
	return r < 0 ? r : add_sets(&e, &request->files->cluster, "dc");
}
