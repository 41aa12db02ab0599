#include "pve/translate_parts.h"

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

static void write_veth(struct translation *t, const struct raw_net *net, struct json_out *out)
{
	json_out_string(out, "host",
			net->pair ?: arena_printf(t->arena, "veth%si%s", t->conf->id, net->number));
	if (net->link)
		json_out_string(out, "bridge", net->link);
}

static void write_lower(struct translation *t, const struct raw_net *net, struct json_out *out)
{
	const char *mode = strcmp(net->type, "macvlan") == 0 ? net->macvlan_mode : net->ipvlan_mode;

	if (net->link)
		json_out_string(out, "lower", net->link);
	if (mode && strcmp(net->type, "vlan") != 0)
		json_out_string(out, "mode", mode);
}

static void add_device(struct translation *t, const struct raw_net *net, struct json_out *out)
{
	struct oci_net_device *device = push(t, &t->spec->linux.net_devices);

	device->host_name = net->link;
	device->name = net->name ? inner_name(t, net) : net->link;
	note_origin(t, net->origin, "linux.netDevices.%s", net->link);
}

static const struct raw_type {
	const char *name;
	void (*write)(struct translation *t, const struct raw_net *net, struct json_out *out);
	bool needs_link;
} types[] = {
	{"veth", write_veth, false},   {"macvlan", write_lower, true},
	{"ipvlan", write_lower, true}, {"vlan", write_lower, true},
	{"phys", add_device, true},    {"empty", NULL, false}, /* a namespace with "lo" */
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

static void write_list(struct json_out *out, const char *name, const struct oci_strings *list,
		       bool (*wanted)(const char *text))
{
	json_out_array(out, name);
	for (size_t i = 0; i < list->count; i++)
		if (!wanted || wanted(list->items[i]))
			json_out_string(out, NULL, list->items[i]);
	json_out_end(out);
}

static void warn_gateways(struct translation *t, const struct raw_net *net)
{
	for (size_t i = 0; i < net->gateways.count; i++)
		if (!is_gateway(net->gateways.items[i]))
			unenforced(t, "lxc.net.gateway", net->origin,
				   "gateway %s is not acted on: write its address",
				   net->gateways.items[i]);
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

static int write_numbers(struct translation *t, const struct raw_net *net, struct json_out *out)
{
	unsigned int mtu = 0, vlan = 0;

	if (net->mtu && parse_u32(net->mtu, &mtu) < 0)
		return fail(t, -EINVAL, net->origin, "mtu: '%s' is no number", net->mtu);
	if (net->vlan && parse_u32(net->vlan, &vlan) < 0)
		return fail(t, -EINVAL, net->origin, "vlan.id: '%s' is no number", net->vlan);
	json_out_u64(out, "mtu", mtu);
	json_out_u64(out, "vlan", vlan);
	return 0;
}

static int write_net(struct translation *t, const struct raw_net *net, const struct raw_type *type,
		     struct json_out *out)
{
	const char *hwaddr = fill_hwaddr(t, net);
	const bool phys = type->write == add_device;
	int r;

	warn_gateways(t, net);
	if (phys)
		warn_phys(t, net);
	json_out_object(out, NULL);
	json_out_string(out, "type", type->name);
	json_out_string(out, "name", phys && !net->name ? net->link : inner_name(t, net));
	type->write(t, net, out);
	if (hwaddr)
		json_out_string(out, "hwaddr", hwaddr);
	r = write_numbers(t, net, out);
	write_list(out, "addresses", &net->addresses, NULL);
	write_list(out, "gateways", &net->gateways, is_gateway);
	json_out_bool(out, "up", phys || net->addresses.count || same_string(net->flags, "up"));
	json_out_string(out, "origin", net->origin);
	json_out_end(out);
	return r;
}

static int translate_one(struct translation *t, const struct raw_net *net, struct json_out *out,
			 size_t *count)
{
	const struct raw_type *type = net->type ? find_type(net->type) : NULL;

	if (!net->type)
		return fail(t, -EINVAL, net->origin, PREFIX "%s.type is missing", net->number);
	if (!type)
		return fail(t, -EINVAL, net->origin,
			    PREFIX "%s.type: '%s' is none of veth, macvlan, ipvlan, vlan, phys, "
				   "empty, none",
			    net->number, net->type);
	if (type->needs_link && !net->link)
		return fail(t, -EINVAL, net->origin, PREFIX "%s.link is missing: of the host's",
			    net->number);
	if (!type->write)
		return 0;
	++*count;
	return write_net(t, net, type, out);
}

int translate_raw_net(struct translation *t, struct json_out *out, size_t *count)
{
	const struct lxc_line *none = raw_net_none(t);
	struct raw_nets nets = {};
	int r = 0;

	lxc_each(line, &t->lxc, PREFIX) take_line(t, &nets, line);
	for (size_t i = 0; r == 0 && i < nets.count; i++)
		r = translate_one(t, &nets.items[i], out, count);
	if (r == 0 && none && *count)
		return fail(t, -EINVAL, none->origin,
			    "it has the host's network: no interface of its own can be there");
	return r;
}
