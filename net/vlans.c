#include "net/vlans.h"

#include "net/request.h"

#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

void vlans_add(struct vlans *vlans, uint32_t first, uint32_t last)
{
	for (uint32_t vlan = first; vlan <= last && vlan <= VLAN_LAST; vlan++)
		vlans->words[vlan / 32] |= 1U << vlan % 32;
}

bool vlans_has(const struct vlans *vlans, uint32_t vlan)
{
	return vlan <= VLAN_LAST && vlans->words[vlan / 32] >> vlan % 32 & 1;
}

bool vlans_same(const struct vlans *one, const struct vlans *other)
{
	return memcmp(one, other, sizeof(*one)) == 0;
}

/* -------------------------------------------------------------------------------- setting */

static void put_range(struct request *request, uint32_t first, uint32_t last, uint16_t flags)
{
	const bool range = last > first;
	const struct bridge_vlan_info from = {
		.flags = flags | (range ? BRIDGE_VLAN_INFO_RANGE_BEGIN : 0),
		.vid = (uint16_t)first,
	};
	const struct bridge_vlan_info to = {
		.flags = flags | BRIDGE_VLAN_INFO_RANGE_END,
		.vid = (uint16_t)last,
	};

	request_put(request, IFLA_BRIDGE_VLAN_INFO, &from, sizeof(from));
	if (range)
		request_put(request, IFLA_BRIDGE_VLAN_INFO, &to, sizeof(to));
}

static void put_all(struct request *request, const struct vlans *vlans)
{
	const uint16_t own = BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED;

	for (uint32_t vlan = VLAN_FIRST, last; vlan <= VLAN_LAST; vlan = last + 1) {
		for (last = vlan; vlans_has(vlans, vlan) && vlans_has(vlans, last + 1);)
			last++;
		if (vlans_has(vlans, vlan))
			put_range(request, vlan, last, 0);
	}
	put_range(request, vlans->untagged, vlans->untagged, own);
}

/* @vlans: to add; NULL: all there are go */
static int send_vlans(struct nl_sock *sock, int index, const struct vlans *vlans)
{
	const struct ifinfomsg header = {.ifi_family = AF_BRIDGE, .ifi_index = index};
	struct request request;
	struct nlattr *nest;

	request_init(&request, vlans ? RTM_SETLINK : RTM_DELLINK, NLM_F_REQUEST, &header,
		     sizeof(header));
	nest = request_open(&request, IFLA_AF_SPEC);
	if (vlans)
		put_all(&request, vlans);
	else
		put_range(&request, VLAN_FIRST, VLAN_LAST, 0);
	request_close(&request, nest);
	return request_send(sock, &request);
}

/* In between it is in no VLAN, rather than in one that isn't its own. */
int vlans_set(struct nl_sock *sock, int index, const struct vlans *vlans)
{
	int r = send_vlans(sock, index, NULL);

	return r < 0 ? r : send_vlans(sock, index, vlans);
}

/* -------------------------------------------------------------------------------- getting */

struct search {
	int index;
	struct vlans *vlans;
};

static void read_vlans(struct nlattr *nest, struct vlans *vlans)
{
	uint32_t first = 0;
	struct nlattr *item;
	int rest;

	nla_for_each_nested(item, nest, rest)
	{
		const struct bridge_vlan_info *info = nla_data(item);

		if (nla_type(item) != IFLA_BRIDGE_VLAN_INFO || nla_len(item) < (int)sizeof(*info))
			continue;
		if (!(info->flags & BRIDGE_VLAN_INFO_RANGE_END))
			first = info->vid;
		if (!(info->flags & BRIDGE_VLAN_INFO_RANGE_BEGIN))
			vlans_add(vlans, first, info->vid);
		if (info->flags & BRIDGE_VLAN_INFO_PVID && info->flags & BRIDGE_VLAN_INFO_UNTAGGED)
			vlans->untagged = info->vid;
	}
}

static int read_port(struct nl_msg *msg, void *data)
{
	const struct search *search = data;
	struct nlmsghdr *header = nlmsg_hdr(msg);
	const struct ifinfomsg *link = nlmsg_data(header);
	struct nlattr *nest = nlmsg_find_attr(header, sizeof(*link), IFLA_AF_SPEC);

	if (link->ifi_index == search->index && nest)
		read_vlans(nest, search->vlans);
	return NL_OK;
}

/* By ranges: all the VLANs of a port one by one are more than a message takes. */
int vlans_get(struct nl_sock *sock, int index, struct vlans *vlans)
{
	const struct ifinfomsg header = {.ifi_family = AF_BRIDGE};
	const uint32_t what = RTEXT_FILTER_BRVLAN_COMPRESSED;
	struct search search = {index, vlans};
	struct request request;

	*vlans = (struct vlans){};
	request_init(&request, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, &header, sizeof(header));
	request_put(&request, IFLA_EXT_MASK, &what, sizeof(what));
	return request_dump(sock, &request, read_port, &search);
}
