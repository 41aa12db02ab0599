#include "lib/err.h"
#include "lib/json.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/ext.h"
#include "oci/members.h"

#include <string.h>

static const struct member firewall_members[] = {
	MEMBER("bridge", STRING, oci_net_firewall, bridge, .required = true),
	MEMBER("inner", STRING, oci_net_firewall, inner, .required = true),
	MEMBER("outer", STRING, oci_net_firewall, outer, .required = true),
	{},
};

static const struct member net_members[] = {
	MEMBER("name", STRING, oci_net, name, .required = true),
	MEMBER("type", STRING, oci_net, type),
	MEMBER("host", STRING, oci_net, host),
	MEMBER("lower", STRING, oci_net, lower),
	MEMBER("mode", STRING, oci_net, mode),
	MEMBER("vlan", U32, oci_net, vlan),
	MEMBER("bridge", STRING, oci_net, bridge),
	MEMBER("vlan_aware", BOOL, oci_net, vlan_aware),
	MEMBER("ovs", BOOL, oci_net, ovs),
	MEMBER("no_learning", BOOL, oci_net, no_learning),
	MEMBER("isolated", BOOL, oci_net, isolated),
	MEMBER("tag", U32, oci_net, tag),
	MEMBER("trunks", U32S, oci_net, trunks),
	POINTER("firewall", oci_net, firewall, firewall_members),
	MEMBER("rate", U64, oci_net, rate),
	MEMBER("hwaddr", STRING, oci_net, hwaddr),
	MEMBER("mtu", U32, oci_net, mtu),
	MEMBER("host_mtu", U32, oci_net, host_mtu),
	MEMBER("addresses", STRINGS, oci_net, addresses),
	MEMBER("gateways", STRINGS, oci_net, gateways),
	MEMBER("link_down", BOOL, oci_net, link_down),
	MEMBER("up", BOOL, oci_net, up),
	MEMBER("dhcp", BOOL, oci_net, dhcp),
	MEMBER("dhcp6", BOOL, oci_net, dhcp6),
	MEMBER("origin", STRING, oci_net, origin),
	{},
};

/* In one network: by the bridge alone it can't tell them apart. */
static bool same_place(const struct oci_net *one, const struct oci_net *other)
{
	return one->bridge && same_string(one->bridge, other->bridge) && one->tag == other->tag &&
	       !one->link_down && !other->link_down;
}

/* @index: of the one that is there already */
static int check_other(const struct oci_net *net, const struct oci_net *other, size_t index,
		       struct err *err)
{
	const char *address = oci_net_shared_address(net, other);
	const struct {
		const char *member, *value;
		bool shared;
	} rows[] = {
		{"name", net->name, strcmp(net->name, other->name) == 0},
		{"host", net->host, net->host && same_string(net->host, other->host)},
		{"hwaddr", net->hwaddr,
		 net->hwaddr && other->hwaddr && strcasecmp(net->hwaddr, other->hwaddr) == 0 &&
			 same_place(net, other)},
		{"addresses", address, address != NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].shared)
			return err_plain(err, -EINVAL, "%s: %s is [%zu]'s, too", rows[i].member,
					 rows[i].value, index);
	return 0;
}

static int check_unique(const struct oci_net_list *list, const struct oci_net *net, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < list->count; i++)
		r = check_other(net, &list->items[i], i, err);
	return r;
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
		r = oci_net_check(net, err);
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
	return members_write_list(net_members, sizeof(*list->items), list);
}
