#include "pve/translate/parts.h"

#include "oci/ext.h"
#include "pve/conf/net_check.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* netN: a veth pair each, its host end named after the container and the index. */

struct interface {
	const struct pve_entry *entry;
	const char *origin;
	struct pve_net conf;
	const struct pve_bridge *bridge;
	struct oci_net net; /* what becomes of it; up: the host gives it its addresses */
};

static bool is_address(const char *ip)
{
	return ip && strchr(ip, '/');
}

static bool is_vlan_aware(const struct interface *interface)
{
	return interface->bridge->kind == PVE_BRIDGE_VLAN_AWARE;
}

/* Whether the host has to ask for this address of it. */
static bool asks(const struct interface *interface, const char *ip)
{
	return interface->net.up && ip && strcmp(ip, "dhcp") == 0;
}

static bool is_ovs(const struct interface *interface)
{
	return interface->bridge->kind == PVE_BRIDGE_OVS;
}

/* What of the option nothing here acts on. */
static void warn_unused(struct translation *t, const struct interface *interface)
{
	const struct pve_net *conf = &interface->conf;

	if (!t->facts->dhcpcd && (asks(interface, conf->ip) || asks(interface, conf->ip6)))
		unenforced(t, "net.dhcp", interface->origin,
			   "%s: the host can't ask for its address: apt-get install dhcpcd-base",
			   conf->name);
}

static int find_bridge(struct translation *t, struct interface *interface)
{
	const char *name = interface->conf.bridge;

	if (!name)
		return fail_wrong(t, interface->origin, "add bridge=vmbr0", "bridge is missing");
	interface->bridge = pve_facts_bridge(t->facts, name);
	if (interface->bridge)
		return 0;
	fail(t, -ENOENT, interface->origin, "bridge '%s' does not exist", name);
	err_hint(t->err, "make it on the host: ip link add %s type bridge; or name another", name);
	return -ENOENT;
}

/* 0 and 1 stand for the bridge's. */
static int find_mtu(struct translation *t, struct interface *interface)
{
	enum { SMALLEST = 68, SMALLEST_V6 = 1280 }; /* RFC 791, 8200 */
	const uint32_t most = interface->bridge->mtu;
	const int64_t mtu = opt_i64_or(interface->conf.mtu, 1);

	interface->net.host_mtu = most;
	interface->net.mtu = mtu > 1 ? (uint32_t)mtu : most;
	if (interface->net.mtu > most)
		return fail_wrong(t, interface->origin,
				  "leave mtu out: then it is the bridge's; or raise that first",
				  "mtu %u is larger than the %u of bridge %s", interface->net.mtu,
				  most, interface->bridge->name);
	if (interface->net.mtu < SMALLEST)
		return fail_wrong(t, interface->origin, "leave mtu out: then it is the bridge's",
				  "mtu %u is not 1 or at least %d", interface->net.mtu, SMALLEST);
	if (interface->net.mtu < SMALLEST_V6 && is_address(interface->conf.ip6))
		return fail_wrong(t, interface->origin, "leave ip6 out, or have a larger mtu",
				  "IPv6 needs an mtu of %d, which %u is not", SMALLEST_V6,
				  interface->net.mtu);
	return 0;
}

/* MiB a second, cut to whole bytes; 0 is no limit. */
static int find_rate(struct translation *t, struct interface *interface)
{
	const double most = 1e15, least = OCI_RATE_MIN,
		     rate = interface->conf.rate ? strtod(interface->conf.rate, NULL) : 0,
		     bytes = rate * 1024 * 1024;

	if (bytes > most)
		return fail_wrong(t, interface->origin, "leave rate out: then there is no limit",
				  "rate %s is more than any link has", interface->conf.rate);
	if (bytes < 0 || (bytes > 0 && bytes < least))
		return fail_wrong(t, interface->origin, "leave rate out: then there is no limit",
				  "rate %s can't be held: the least is 0.004 (MiB a second)",
				  interface->conf.rate);
	interface->net.rate = (uint64_t)bytes;
	return 0;
}

static int find_trunks(struct translation *t, struct interface *interface)
{
	for (const char *at = interface->conf.trunks ?: ""; *at; at += *at == ';') {
		char *end;

		*push(t, &interface->net.trunks) = (uint32_t)strtoul(at, &end, 10);
		at = end;
	}
	return 0;
}

static int check_bridge(struct translation *t, struct interface *interface)
{
	const struct pve_bridge *bridge = interface->bridge;

	if (bridge->kind == PVE_BRIDGE_NONE)
		return fail_wrong(
			t, interface->origin,
			"name a bridge, or make one: ip link add NAME type bridge; those of "
			"Open vSwitch are seen by ovs-vsctl",
			"'%s' is no bridge", bridge->name);
	if (interface->conf.trunks && bridge->kind == PVE_BRIDGE_PLAIN)
		return fail_wrong(
			t, interface->origin,
			"leave trunks out, or make the bridge VLAN-aware: ip link set NAME "
			"type bridge vlan_filtering 1",
			"trunks=%s needs a bridge that is VLAN-aware, and %s isn't",
			interface->conf.trunks, bridge->name);
	return 0;
}

/* An address that its bridge has itself would cut the host off, and the container as well. */
static int check_in_use(struct translation *t, struct interface *interface)
{
	const char *const asked[] = {interface->conf.ip, interface->conf.ip6};

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		const char *ip = interface->net.up && is_address(asked[i]) ? asked[i] : "";
		const char *bare = arena_strndup(t->arena, ip, strcspn(ip, "/"));
		const char *link = pve_names_find(&t->facts->addresses, bare);

		if (link && strcmp(link, interface->conf.bridge) == 0)
			return fail_wrong(t, interface->origin, "choose another",
					  "the address %s is in use: it is the host's, at %s", bare,
					  link);
	}
	return 0;
}

static int find_hwaddr(struct translation *t, struct interface *interface)
{
	interface->net.hwaddr = interface->conf.hwaddr
					? interface->conf.hwaddr
					: pve_names_find(&t->facts->hwaddrs, interface->entry->key);
	if (!interface->net.hwaddr)
		return fail(t, -ENOENT, interface->origin, "the facts have no hwaddr for %s",
			    interface->entry->key);
	return 0;
}

static int find_managed(struct translation *t, struct interface *interface)
{
	interface->net.up = opt_bool_or(interface->conf.host_managed, false);
	return 0;
}

const char *translate_net_host(struct translation *t, const char *key)
{
	return arena_printf(t->arena, "veth%si%s", t->conf->id, key + strlen("net"));
}

static const char *host_name(struct translation *t, const struct interface *interface)
{
	return translate_net_host(t, interface->entry->key);
}

static int check_host_name(struct translation *t, struct interface *interface)
{
	const char *name = host_name(t, interface);

	if (strlen(name) < IFNAMSIZ)
		return 0;
	return fail_wrong(t, interface->origin, "choose a vmid of fewer digits",
			  "the host's end would be %s, which is longer than %d characters", name,
			  IFNAMSIZ - 1);
}

/* ------------------------------------------------------------------ besides the others */

/* struct other - an interface that comes before one, and where it stands */
struct other {
	const char *key, *origin;
	struct pve_net conf;
};

static int check_taken(struct translation *t, const struct interface *interface,
		       const struct other *other)
{
	if (strcmp(other->conf.name, interface->conf.name) != 0)
		return 0;
	return fail_wrong(t, interface->origin,
			  arena_printf(t->arena, "give one of %s and %s another name=", other->key,
				       interface->entry->key),
			  "%s has the name %s already (%s)", other->key, other->conf.name,
			  other->origin);
}

/* The container has one default route of each family. */
static int check_ways(struct translation *t, const struct interface *interface,
		      const struct other *other)
{
	const struct {
		const char *word, *one, *another;
	} ways[] = {
		{"gw", interface->conf.gw, other->conf.gw},
		{"gw6", interface->conf.gw6, other->conf.gw6},
	};

	if (!interface->net.up || !opt_bool_or(other->conf.host_managed, false))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (ways[i].one && ways[i].another)
			return fail_wrong(
				t, interface->origin,
				arena_printf(t->arena, "leave %s out of one of them", ways[i].word),
				"%s is the way out already: %s=%s (%s)", other->key, ways[i].word,
				ways[i].another, other->origin);
	return 0;
}

/* Of two that exclude each other the second is at fault, and both lines are named. */
static int check_others(struct translation *t, struct interface *interface)
{
	const struct pve_entry *entry;
	int r = 0;

	for (unsigned int i = 0; r == 0 && (entry = conf_indexed(&t->conf->main, "net", &i)); i++) {
		struct other other = {entry->key, conf_origin(t->arena, t->conf, entry), {}};

		if (entry == interface->entry)
			break;
		if (property_read(t->arena, pve_net_properties, entry->value, &other.conf, NULL) <
		    0)
			continue;
		r = check_taken(t, interface, &other);
		if (r == 0)
			r = check_ways(t, interface, &other);
	}
	return r;
}

/* ------------------------------------------------------------------ from the option to the
 * annotation */

static int check_options(struct translation *t, struct interface *interface)
{
	int r = net_check(&interface->conf, t->err);

	return r < 0 ? fail_from(t, r, interface->origin) : 0;
}

static int read_interface(struct translation *t, const struct pve_entry *entry,
			  struct interface *interface)
{
	static int (*const parts[])(struct translation *, struct interface *) = {
		check_options, find_bridge,  find_mtu,     find_hwaddr,
		find_rate,     find_trunks,  find_managed, check_host_name,
		check_others,  check_in_use, check_bridge,
	};
	int r;

	*interface = (struct interface){
		.entry = entry,
		.origin = conf_origin(t->arena, t->conf, entry),
	};
	r = option_read(t, entry->key, pve_net_properties, &interface->conf);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](t, interface);
	return r < 0 ? r : 0;
}

/* What the port is to its bridge, as far as that isn't plain. */
static void set_port(struct interface *interface)
{
	const struct bridge_options *options = &interface->bridge->options;
	struct oci_net *net = &interface->net;

	net->tag = (uint32_t)opt_i64_or(interface->conf.tag, 0);
	net->ovs = is_ovs(interface);
	net->vlan_aware = is_vlan_aware(interface);
	net->no_learning = !net->ovs && options->no_learning;
	net->isolated = !net->ovs && options->isolated;
}

/* No rules see a port of Open vSwitch. */
static bool needs_firewall_bridge(const struct translation *t, const struct interface *interface)
{
	return t->facts->firewall_bridges || is_ovs(interface);
}

static void set_firewall(struct translation *t, struct interface *interface)
{
	const char *id = t->conf->id, *index = interface->entry->key + strlen("net");
	struct oci_net_firewall *firewall;

	if (!opt_bool_or(interface->conf.firewall, false) || !needs_firewall_bridge(t, interface))
		return;
	firewall = arena_alloc(t->arena, sizeof(*firewall));
	firewall->bridge = arena_printf(t->arena, "fwbr%si%s", id, index);
	firewall->inner = arena_printf(t->arena, "fwln%si%s", id, index);
	firewall->outer = arena_printf(t->arena, "fwpr%sp%s", id, index);
	interface->net.firewall = firewall;
}

static void set_addresses(struct translation *t, struct interface *interface)
{
	const struct pve_net *conf = &interface->conf;
	struct oci_net *net = &interface->net;
	const char *const ips[] = {conf->ip, conf->ip6}, *const gws[] = {conf->gw, conf->gw6};

	for (size_t i = 0; net->up && i < ARRAY_SIZE(ips); i++) {
		if (is_address(ips[i]))
			*push(t, &net->addresses) = ips[i];
		if (gws[i])
			*push(t, &net->gateways) = gws[i];
	}
	net->dhcp = t->facts->dhcpcd && asks(interface, conf->ip);
	net->dhcp6 = t->facts->dhcpcd && asks(interface, conf->ip6);
}

static void add_interface(struct translation *t, struct interface *interface,
			  struct oci_net_list *nets)
{
	struct oci_net *net = &interface->net;

	net->name = interface->conf.name;
	net->host = host_name(t, interface);
	net->bridge = interface->conf.bridge;
	net->link_down = opt_bool_or(interface->conf.link_down, false);
	net->origin = interface->origin;
	set_port(interface);
	set_firewall(t, interface);
	set_addresses(t, interface);
	*push(t, nets) = *net;
}

static int add_interfaces(struct translation *t, struct oci_net_list *nets)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&t->conf->main, "net", &i)); i++) {
		struct interface interface;
		int r = read_interface(t, entry, &interface);

		if (r < 0)
			return r;
		warn_unused(t, &interface);
		add_interface(t, &interface, nets);
	}
	return 0;
}

int translate_net(struct translation *t)
{
	struct oci_net_list nets = {};
	int r = add_interfaces(t, &nets);

	if (r == 0)
		r = translate_raw_net(t, &nets);
	if (r < 0 || !nets.count)
		return r;
	annotate_take(t, ANNOTATION_NET, oci_net_write(&nets));
	return 0;
}
