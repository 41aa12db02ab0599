#include "pve/translate_parts.h"

#include "oci/ext.h"
#include "pve/net_check.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* netN: a veth pair each, its host end named after the container and the index. */

struct interface {
	const struct pve_entry *entry;
	const char *origin;
	struct pve_net conf;
	const char *hwaddr;
	const struct pve_bridge *bridge;
	uint32_t mtu, host_mtu;
	uint64_t rate; /* bytes a second */
	struct oci_u32s trunks;
	bool managed; /* the host gives it its addresses and sets it up */
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
	return interface->managed && ip && strcmp(ip, "dhcp") == 0;
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

	interface->host_mtu = most;
	interface->mtu = mtu > 1 ? (uint32_t)mtu : most;
	if (interface->mtu > most)
		return fail_wrong(t, interface->origin,
				  "leave mtu out: then it is the bridge's; or raise that first",
				  "mtu %u is larger than the %u of bridge %s", interface->mtu, most,
				  interface->bridge->name);
	if (interface->mtu < SMALLEST)
		return fail_wrong(t, interface->origin, "leave mtu out: then it is the bridge's",
				  "mtu %u is not 1 or at least %d", interface->mtu, SMALLEST);
	if (interface->mtu < SMALLEST_V6 && is_address(interface->conf.ip6))
		return fail_wrong(t, interface->origin, "leave ip6 out, or have a larger mtu",
				  "IPv6 needs an mtu of %d, which %u is not", SMALLEST_V6,
				  interface->mtu);
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
	interface->rate = (uint64_t)bytes;
	return 0;
}

static int find_trunks(struct translation *t, struct interface *interface)
{
	for (const char *at = interface->conf.trunks ?: ""; *at; at += *at == ';') {
		char *end;

		*push(t, &interface->trunks) = (uint32_t)strtoul(at, &end, 10);
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
		const char *ip = interface->managed && is_address(asked[i]) ? asked[i] : "";
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
	interface->hwaddr = interface->conf.hwaddr
				    ? interface->conf.hwaddr
				    : pve_names_find(&t->facts->hwaddrs, interface->entry->key);
	if (!interface->hwaddr)
		return fail(t, -ENOENT, interface->origin, "the facts have no hwaddr for %s",
			    interface->entry->key);
	return 0;
}

static int find_managed(struct translation *t, struct interface *interface)
{
	interface->managed = opt_bool_or(interface->conf.host_managed, false);
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

	if (!interface->managed || !opt_bool_or(other->conf.host_managed, false))
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

/* ------------------------------------------------------------------ reading and writing */

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

static void write_strings(struct json_out *out, const char *name, const char *first,
			  const char *second)
{
	json_out_array(out, name);
	if (first)
		json_out_string(out, NULL, first);
	if (second)
		json_out_string(out, NULL, second);
	json_out_end(out);
}

/* What the port is to its bridge, as far as that isn't plain. */
static void write_port(const struct interface *interface, struct json_out *out)
{
	if (interface->conf.tag.set)
		json_out_i64(out, "tag", interface->conf.tag.value);
	if (is_vlan_aware(interface) || is_ovs(interface)) {
		json_out_bool(out, is_ovs(interface) ? "ovs" : "vlan_aware", true);
		json_out_array(out, "trunks");
		for (size_t i = 0; i < interface->trunks.count; i++)
			json_out_u64(out, NULL, interface->trunks.items[i]);
		json_out_end(out);
	}
	if (!is_ovs(interface) && interface->bridge->options.no_learning)
		json_out_bool(out, "no_learning", true);
	if (!is_ovs(interface) && interface->bridge->options.isolated)
		json_out_bool(out, "isolated", true);
	if (interface->rate)
		json_out_u64(out, "rate", interface->rate);
}

/* No rules see a port of Open vSwitch. */
static bool needs_firewall_bridge(const struct translation *t, const struct interface *interface)
{
	return t->facts->firewall_bridges || is_ovs(interface);
}

static void write_firewall(struct translation *t, const struct interface *interface,
			   struct json_out *out)
{
	const char *id = t->conf->id, *index = interface->entry->key + strlen("net");

	if (!opt_bool_or(interface->conf.firewall, false) || !needs_firewall_bridge(t, interface))
		return;
	json_out_object(out, "firewall");
	json_out_string(out, "bridge", arena_printf(t->arena, "fwbr%si%s", id, index));
	json_out_string(out, "inner", arena_printf(t->arena, "fwln%si%s", id, index));
	json_out_string(out, "outer", arena_printf(t->arena, "fwpr%sp%s", id, index));
	json_out_end(out);
}

static void write_interface(struct translation *t, const struct interface *interface,
			    struct json_out *out)
{
	const struct pve_net *conf = &interface->conf;

	json_out_object(out, NULL);
	json_out_string(out, "name", conf->name);
	json_out_string(out, "host", host_name(t, interface));
	json_out_string(out, "bridge", conf->bridge);
	write_port(interface, out);
	write_firewall(t, interface, out);
	json_out_string(out, "hwaddr", interface->hwaddr);
	json_out_u64(out, "mtu", interface->mtu);
	json_out_u64(out, "host_mtu", interface->host_mtu);
	write_strings(out, "addresses",
		      interface->managed && is_address(conf->ip) ? conf->ip : NULL,
		      interface->managed && is_address(conf->ip6) ? conf->ip6 : NULL);
	write_strings(out, "gateways", interface->managed ? conf->gw : NULL,
		      interface->managed ? conf->gw6 : NULL);
	json_out_bool(out, "link_down", opt_bool_or(conf->link_down, false));
	json_out_bool(out, "up", interface->managed);
	if (t->facts->dhcpcd && asks(interface, conf->ip))
		json_out_bool(out, "dhcp", true);
	if (t->facts->dhcpcd && asks(interface, conf->ip6))
		json_out_bool(out, "dhcp6", true);
	json_out_string(out, "origin", interface->origin);
	json_out_end(out);
}

static int write_interfaces(struct translation *t, struct json_out *out, size_t *count)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&t->conf->main, "net", &i)); i++) {
		struct interface interface;
		int r = read_interface(t, entry, &interface);

		if (r < 0)
			return r;
		warn_unused(t, &interface);
		write_interface(t, &interface, out);
		++*count;
	}
	return 0;
}

int translate_net(struct translation *t)
{
	struct json_out *out = json_out_new(false);
	size_t count = 0;
	int r;

	json_out_array(out, NULL);
	r = write_interfaces(t, out, &count);
	if (r == 0)
		r = translate_raw_net(t, out, &count);
	annotate_json(t, ANNOTATION_NET, out);
	return r;
}
