#include "lib/err.h"
#include "lib/json.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/ext.h"
#include "oci/members.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <string.h>

enum { MTU_MIN = 68, MTU_MAX = 65535 }; /* RFC 791; dev_validate_mtu() of the kernel's veth */

#define NET(member) offsetof(struct oci_net, member)

static const struct member firewall_members[] = {
	MEMBER("bridge", STRING, oci_net_firewall, bridge, .required = true),
	MEMBER("inner", STRING, oci_net_firewall, inner, .required = true),
	MEMBER("outer", STRING, oci_net_firewall, outer, .required = true),
	{},
};

static const struct member net_members[] = {
	{.name = "name", .kind = MEMBER_STRING, .offset = NET(name), .required = 1},
	{.name = "host", .kind = MEMBER_STRING, .offset = NET(host), .required = 1},
	{.name = "bridge", .kind = MEMBER_STRING, .offset = NET(bridge)},
	{.name = "vlan_aware", .kind = MEMBER_BOOL, .offset = NET(vlan_aware)},
	{.name = "tag", .kind = MEMBER_U32, .offset = NET(tag)},
	{.name = "trunks", .kind = MEMBER_U32S, .offset = NET(trunks)},
	POINTER("firewall", oci_net, firewall, firewall_members),
	{.name = "rate", .kind = MEMBER_U64, .offset = NET(rate)},
	{.name = "hwaddr", .kind = MEMBER_STRING, .offset = NET(hwaddr)},
	{.name = "mtu", .kind = MEMBER_U32, .offset = NET(mtu)},
	{.name = "host_mtu", .kind = MEMBER_U32, .offset = NET(host_mtu)},
	{.name = "addresses", .kind = MEMBER_STRINGS, .offset = NET(addresses)},
	{.name = "gateways", .kind = MEMBER_STRINGS, .offset = NET(gateways)},
	{.name = "link_down", .kind = MEMBER_BOOL, .offset = NET(link_down)},
	{.name = "up", .kind = MEMBER_BOOL, .offset = NET(up)},
	{.name = "dhcp", .kind = MEMBER_BOOL, .offset = NET(dhcp)},
	{.name = "dhcp6", .kind = MEMBER_BOOL, .offset = NET(dhcp6)},
	{.name = "origin", .kind = MEMBER_STRING, .offset = NET(origin)},
	{},
};

/* As dev_valid_name() of the kernel has it; '%' would make it choose a number. */
int oci_ifname_check(const char *member, const char *name, struct err *err)
{
	size_t length = strlen(name);
	bool good = length > 0 && length < IFNAMSIZ && strcmp(name, ".") != 0 &&
		    strcmp(name, "..") != 0;

	for (const char *at = name; good && *at; at++)
		good = isgraph((unsigned char)*at) && !strchr("/:%", *at);
	return good ? 0
		    : err_plain(err, -EINVAL, "%s: '%s' is no name for an interface", member, name);
}

int oci_hwaddr_check(const char *text, struct err *err)
{
	size_t length = strlen(text);
	bool good = length == strlen("00:00:00:00:00:00");

	for (size_t i = 0; good && i < length; i++)
		good = i % 3 == 2 ? text[i] == ':' : isxdigit((unsigned char)text[i]) != 0;
	if (!good)
		return err_plain(err, -EINVAL, "hwaddr: '%s' is not like BC:24:11:00:00:01", text);
	if (strchr("13579bdfBDF", text[1]))
		return err_plain(err, -EINVAL, "hwaddr: %s is a group's address", text);
	return 0;
}

unsigned int oci_address_bits(const char *text)
{
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, text, address) == 1)
		return 32;
	return inet_pton(AF_INET6, text, address) == 1 ? 128 : 0;
}

static int check_mtu(const char *member, uint32_t mtu, struct err *err)
{
	if (mtu == 0 || (mtu >= MTU_MIN && mtu <= MTU_MAX))
		return 0;
	return err_plain(err, -EINVAL, "%s: %u is not within %d to %d", member, mtu, MTU_MIN,
			 MTU_MAX);
}

static int check_address(const char *text, size_t index, struct err *err)
{
	const char *slash = strchr(text, '/');
	char address[INET6_ADDRSTRLEN] = "";
	unsigned int prefix = 0;

	if (slash && (size_t)(slash - text) < sizeof(address))
		memcpy(address, text, (size_t)(slash - text));
	if (!*address || parse_u32(slash + 1, &prefix) < 0 || oci_address_bits(address) == 0 ||
	    prefix > oci_address_bits(address))
		return err_plain(err, -EINVAL,
				 "addresses[%zu]: '%s' is not like 10.0.0.2/24 or fd00::2/64",
				 index, text);
	return 0;
}

static int check_lists(const struct oci_net *net, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < net->addresses.count; i++)
		r = check_address(net->addresses.items[i], i, err);
	for (size_t i = 0; r == 0 && i < net->gateways.count; i++)
		if (oci_address_bits(net->gateways.items[i]) == 0)
			r = err_plain(err, -EINVAL, "gateways[%zu]: '%s' is no address", i,
				      net->gateways.items[i]);
	return r;
}

static int check_vlan(const char *member, uint32_t vlan, struct err *err)
{
	enum { FIRST = 1, LAST = 4094 };

	return vlan >= FIRST && vlan <= LAST
		       ? 0
		       : err_plain(err, -EINVAL, "%s: there is no VLAN %u: 1 to 4094", member,
				   vlan);
}

static int check_firewall(const struct oci_net_firewall *firewall, struct err *err)
{
	int r = oci_ifname_check("firewall.bridge", firewall->bridge, err);

	if (r == 0)
		r = oci_ifname_check("firewall.inner", firewall->inner, err);
	return r < 0 ? r : oci_ifname_check("firewall.outer", firewall->outer, err);
}

static int check_port(const struct oci_net *net, struct err *err)
{
	int r = net->tag ? check_vlan("tag", net->tag, err) : 0;

	for (size_t i = 0; r == 0 && i < net->trunks.count; i++)
		r = check_vlan("trunks", net->trunks.items[i], err);
	if (r == 0 && net->trunks.count && !net->vlan_aware)
		r = err_plain(err, -EINVAL, "trunks: they need a bridge that is VLAN-aware");
	if (r == 0 && (net->tag || net->vlan_aware || net->firewall) && !net->bridge)
		r = err_plain(err, -EINVAL, "it needs a bridge for tag, vlan_aware or firewall");
	return r;
}

static int check_net(const struct oci_net *net, struct err *err)
{
	int r;

	r = oci_ifname_check("name", net->name, err);
	if (r == 0)
		r = oci_ifname_check("host", net->host, err);
	if (r == 0 && net->bridge)
		r = oci_ifname_check("bridge", net->bridge, err);
	if (r == 0)
		r = check_port(net, err);
	if (r == 0 && net->firewall)
		r = check_firewall(net->firewall, err);
	if (r == 0 && net->hwaddr)
		r = oci_hwaddr_check(net->hwaddr, err);
	if (r == 0)
		r = check_mtu("mtu", net->mtu, err);
	if (r == 0)
		r = check_mtu("host_mtu", net->host_mtu, err);
	return r < 0 ? r : check_lists(net, err);
}

static int check_unique(const struct oci_net_list *list, const struct oci_net *net, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].name, net->name) == 0)
			return err_plain(err, -EINVAL, "name: %s is [%zu]'s, too", net->name, i);
		if (strcmp(list->items[i].host, net->host) == 0)
			return err_plain(err, -EINVAL, "host: %s is [%zu]'s, too", net->host, i);
	}
	return 0;
}

static int read_item(struct arena *arena, const struct json *item, struct oci_net_list *list,
		     struct err *err)
{
	struct oci_net *net = &list->items[list->count];
	int r;

	if (item->type != JSON_OBJECT)
		return err_plain(err, -EINVAL, "is %s, an object is needed",
				 json_type_name(item->type));
	r = members_read(arena, net_members, item, net, err);
	if (r == 0)
		r = check_net(net, err);
	if (r == 0)
		r = check_unique(list, net, err);
	if (r == 0)
		list->count++;
	else if (net->origin)
		err_origin(err, net->origin);
	return r;
}

int oci_net_read(struct arena *arena, const struct oci_spec *spec, struct oci_net_list *list,
		 struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_NET);
	const struct json *root;
	int r;

	*list = (struct oci_net_list){};
	if (!text)
		return 0;
	r = json_read(arena, ANNOTATION_NET, text, strlen(text), &root, err);
	if (r < 0)
		return r;
	if (root->type != JSON_ARRAY)
		return err_plain(err, -EINVAL, "%s: is %s, an array is needed", ANNOTATION_NET,
				 json_type_name(root->type));
	list->items = arena_array(arena, root->count, sizeof(*list->items));
	json_each (item, root) {
		r = read_item(arena, item, list, err);
		if (r < 0) {
			err_add(err, "%s[%zu]", ANNOTATION_NET, list->count);
			return r;
		}
	}
	return 0;
}

char *oci_net_write(const struct oci_net_list *list)
{
	struct json_out *out = json_out_new(false);

	json_out_array(out, NULL);
	for (size_t i = 0; i < list->count; i++) {
		json_out_object(out, NULL);
		members_write(net_members, &list->items[i], out);
		json_out_end(out);
	}
	json_out_end(out);
	return json_out_take(out);
}
