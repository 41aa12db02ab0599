#include "pve/translate/parts.h"

#include "oci/ext.h"

#include <ctype.h>
#include <string.h>

/*
 * lxc.net.N: interfaces beside those of netN, as LXC has them. Of one number that net has, too, the
 * lines would change what Proxmox made; nobody does that here, and it is said.
 */

/* struct raw_net - the lines of one number; NULL and 0: not given */
struct raw_net {
	const char *number; /* "0" */
	const char *origin; /* of its first line */
	const char *type, *link, *name, *hwaddr, *flags, *mtu;
	const char *pair, *macvlan_mode, *ipvlan_mode, *vlan;
	struct oci_strings addresses, gateways;
};

struct raw_nets {
	size_t count;
	struct raw_net *items;
};

#define TEXT(key, member)                                                                          \
	{                                                                                          \
		key, offsetof(struct raw_net, member), false, NULL                                 \
	}
#define LIST(key, member)                                                                          \
	{                                                                                          \
		key, offsetof(struct raw_net, member), true, NULL                                  \
	}
#define UNUSED(key, why)                                                                           \
	{                                                                                          \
		key, 0, false, why                                                                 \
	}

static const struct raw_member {
	const char *key; /* behind "lxc.net.0." */
	size_t offset;
	bool list;
	const char *unused; /* why nothing acts on it */
} members[] = {
	TEXT("type", type),
	TEXT("link", link),
	TEXT("name", name),
	TEXT("hwaddr", hwaddr),
	TEXT("flags", flags),
	TEXT("mtu", mtu),
	TEXT("veth.pair", pair),
	TEXT("macvlan.mode", macvlan_mode),
	TEXT("ipvlan.mode", ipvlan_mode),
	TEXT("vlan.id", vlan),
	LIST("ipv4.address", addresses),
	LIST("ipv6.address", addresses),
	LIST("ipv4.gateway", gateways),
	LIST("ipv6.gateway", gateways),
	UNUSED("script.up", "it runs no scripts for interfaces"),
	UNUSED("script.down", "it runs no scripts for interfaces"),
	UNUSED("veth.mode", "the host's end is a port of a bridge, or of none"),
	UNUSED("veth.vlan.id", "VLANs are a matter of net0: its tag"),
	UNUSED("veth.vlan.tagged.id", "VLANs are a matter of net0: its trunks"),
	UNUSED("veth.ipv4.route", "the host's routes are its own"),
	UNUSED("veth.ipv6.route", "the host's routes are its own"),
	UNUSED("veth.n_rxqueues", "a pair has as many queues as the kernel gives it"),
	UNUSED("veth.n_txqueues", "a pair has as many queues as the kernel gives it"),
	UNUSED("ipvlan.isolation", "all of one lower interface see each other"),
	UNUSED("l2proxy", "the host answers for nobody else"),
};

#define PREFIX "lxc.net."

/* -------------------------------------------------------------------------------- the lines */

/* Behind the number of "lxc.net.0.type". Return: NULL: it has none. */
static const char *member_key(const char *key, size_t *digits)
{
	const char *number = key + strlen(PREFIX);

	*digits = strspn(number, "0123456789");
	return *digits && number[*digits] == '.' ? number + *digits + 1 : NULL;
}

static struct raw_net *find_net(struct translation *t, struct raw_nets *nets,
				const struct lxc_line *line, size_t digits)
{
	const char *number = arena_strndup(t->arena, line->key + strlen(PREFIX), digits);
	struct raw_net *net;

	for (size_t i = 0; i < nets->count; i++)
		if (strcmp(nets->items[i].number, number) == 0)
			return &nets->items[i];
	net = push(t, nets);
	net->number = number;
	net->origin = line->origin;
	return net;
}

static const struct raw_member *find_member(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (strcmp(members[i].key, key) == 0)
			return &members[i];
	return NULL;
}

/* Of an address the first word: the kernel finds the broadcast address behind it itself. */
static void take_value(struct translation *t, struct raw_net *net, const struct raw_member *member,
		       const char *value)
{
	void *at = (char *)net + member->offset;

	if (member->list)
		*push(t, (struct oci_strings *)at) =
			arena_strndup(t->arena, value, strcspn(value, " \t"));
	else
		*(const char **)at = *value ? value : NULL;
}

static bool of_option(const struct translation *t, const struct lxc_line *line, size_t digits)
{
	return option_text(t, arena_printf(t->arena, "net%.*s", (int)digits,
					   line->key + strlen(PREFIX))) != NULL;
}

static void take_line(struct translation *t, struct raw_nets *nets, const struct lxc_line *line)
{
	size_t digits;
	const char *key = member_key(line->key, &digits);
	const struct raw_member *member = key ? find_member(key) : NULL;

	if (!member)
		unenforced(t, line->key, line->origin, "%s is not acted on: no such key",
			   line->key);
	else if (member->unused)
		unenforced(t, line->key, line->origin, "%s is not acted on: %s", line->key,
			   member->unused);
	else if (of_option(t, line, digits))
		unenforced(t, line->key, line->origin,
			   "%s is not acted on: net%.*s says what that interface is", line->key,
			   (int)digits, line->key + strlen(PREFIX));
	else
		take_value(t, find_net(t, nets, line, digits), member, line->value);
}

const struct lxc_line *raw_net_none(const struct translation *t)
{
	lxc_each(line, &t->lxc, PREFIX)
	{
		size_t digits;
		const char *key = member_key(line->key, &digits);

		if (key && strcmp(key, "type") == 0 && strcmp(line->value, "none") == 0)
			return line;
	}
	return NULL;
}

/* --------------------------------------------------------------------------- the interfaces */

/* "00:16:3e:xx:xx:xx": each x is a digit of the made one. */
static const char *fill_hwaddr(struct translation *t, const struct raw_net *net)
{
	const char *made = pve_names_find(&t->facts->hwaddrs,
					  arena_printf(t->arena, PREFIX "%s", net->number));
	char *hwaddr = net->hwaddr ? arena_strdup(t->arena, net->hwaddr) : NULL;

	for (size_t i = 0; hwaddr && made && hwaddr[i] && made[i]; i++)
		if (tolower((unsigned char)hwaddr[i]) == 'x')
			hwaddr[i] = made[i];
	return hwaddr || strcmp(net->type, "veth") != 0 ? hwaddr : made;
}

/* LXC's "eth%d", too: the first free one is that of its number. */
static const char *inner_name(struct translation *t, const struct raw_net *net)
{
	const char *name = net->name ?: "eth%d";
	const char *percent = strstr(name, "%d");

	return percent ? arena_printf(t->arena, "%.*s%s%s", (int)(percent - name), name,
				      net->number, percent + 2)
		       : name;
}

static void set_veth(struct translation *t, const struct raw_net *raw, struct oci_net *net)
{
	net->host = raw->pair ?: arena_printf(t->arena, "veth%si%s", t->conf->id, raw->number);
	net->bridge = raw->link;
}

static void set_lower(struct translation *t, const struct raw_net *raw, struct oci_net *net)
{
	net->lower = raw->link;
	if (strcmp(raw->type, "vlan") != 0)
		net->mode =
			strcmp(raw->type, "macvlan") == 0 ? raw->macvlan_mode : raw->ipvlan_mode;
}

static void set_device(struct translation *t, const struct raw_net *raw, struct oci_net *net)
{
	struct oci_net_device *device = push(t, &t->spec->linux.net_devices);

	net->name = raw->name ? net->name : raw->link;
	device->host_name = raw->link;
	device->name = net->name;
	note_origin(t, raw->origin, "linux.netDevices.%s", raw->link);
}

static const struct raw_type {
	const char *name;
	void (*set)(struct translation *t, const struct raw_net *raw, struct oci_net *net);
	bool needs_link;
} types[] = {
	{"veth", set_veth, false},   {"macvlan", set_lower, true},
	{"ipvlan", set_lower, true}, {"vlan", set_lower, true},
	{"phys", set_device, true},  {"empty", NULL, false}, /* a namespace with "lo" */
	{"none", NULL, false},
};

static const struct raw_type *find_type(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

static bool is_gateway(const char *gateway)
{
	return strcmp(gateway, "auto") != 0 && strcmp(gateway, "dev") != 0;
}

static void set_gateways(struct translation *t, const struct raw_net *raw, struct oci_net *net)
{
	for (size_t i = 0; i < raw->gateways.count; i++)
		if (is_gateway(raw->gateways.items[i]))
			*push(t, &net->gateways) = raw->gateways.items[i];
		else
			unenforced(t, "lxc.net.gateway", raw->origin,
				   "gateway %s is not acted on: write its address",
				   raw->gateways.items[i]);
}

/* One of the host's comes back as it went: nobody would set these back. */
static void warn_phys(struct translation *t, const struct raw_net *net)
{
	const struct {
		const char *key, *value;
	} rows[] = {{"mtu", net->mtu}, {"hwaddr", net->hwaddr}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].value)
			unenforced(t,
				   arena_printf(t->arena, PREFIX "%s.%s", net->number, rows[i].key),
				   net->origin,
				   PREFIX "%s.%s is not acted on: set it on the host, for %s",
				   net->number, rows[i].key, net->link);
}

static int set_numbers(struct translation *t, const struct raw_net *raw, struct oci_net *net)
{
	if (raw->mtu && parse_u32(raw->mtu, &net->mtu) < 0)
		return fail(t, -EINVAL, raw->origin, "mtu: '%s' is no number", raw->mtu);
	if (raw->vlan && parse_u32(raw->vlan, &net->vlan) < 0)
		return fail(t, -EINVAL, raw->origin, "vlan.id: '%s' is no number", raw->vlan);
	return 0;
}

static int add_net(struct translation *t, const struct raw_net *raw, const struct raw_type *type,
		   struct oci_net_list *nets)
{
	const bool phys = type->set == set_device;
	struct oci_net *net = push(t, nets);

	*net = (struct oci_net){
		.type = type->name,
		.name = inner_name(t, raw),
		.hwaddr = fill_hwaddr(t, raw),
		.addresses = raw->addresses,
		.up = phys || raw->addresses.count || same_string(raw->flags, "up"),
		.origin = raw->origin,
	};
	set_gateways(t, raw, net);
	if (phys)
		warn_phys(t, raw);
	type->set(t, raw, net);
	return set_numbers(t, raw, net);
}

static int translate_one(struct translation *t, const struct raw_net *raw,
			 struct oci_net_list *nets)
{
	const struct raw_type *type = raw->type ? find_type(raw->type) : NULL;

	if (!raw->type)
		return fail(t, -EINVAL, raw->origin, PREFIX "%s.type is missing", raw->number);
	if (!type)
		return fail(t, -EINVAL, raw->origin,
			    PREFIX "%s.type: '%s' is none of veth, macvlan, ipvlan, vlan, phys, "
				   "empty, none",
			    raw->number, raw->type);
	if (type->needs_link && !raw->link)
		return fail(t, -EINVAL, raw->origin, PREFIX "%s.link is missing: of the host's",
			    raw->number);
	return type->set ? add_net(t, raw, type, nets) : 0;
}

int translate_raw_net(struct translation *t, struct oci_net_list *nets)
{
	const struct lxc_line *none = raw_net_none(t);
	struct raw_nets raw = {};
	int r = 0;

	lxc_each(line, &t->lxc, PREFIX) take_line(t, &raw, line);
	for (size_t i = 0; r == 0 && i < raw.count; i++)
		r = translate_one(t, &raw.items[i], nets);
	if (r == 0 && none && nets->count)
		return fail(t, -EINVAL, none->origin,
			    "it has the host's network: no interface of its own can be there");
	return r;
}
