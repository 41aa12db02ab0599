#include "net/port_options.h"

#include "lib/own.h"
#include "net/request.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

struct flag {
	int attribute;
	bool set;
};

enum { FLAGS = 3 };

static void find_flags(const struct port_options *options, struct flag flags[FLAGS])
{
	const struct flag found[FLAGS] = {
		{IFLA_BRPORT_LEARNING, !options->no_learning},
		{IFLA_BRPORT_UNICAST_FLOOD, !options->no_learning},
		{IFLA_BRPORT_ISOLATED, options->isolated},
	};

	memcpy(flags, found, sizeof(found));
}

static int set_flags(struct nl_sock *sock, int index, const struct port_options *options)
{
	const struct ifinfomsg header = {.ifi_family = AF_BRIDGE, .ifi_index = index};
	struct flag flags[FLAGS];
	struct request request;
	struct nlattr *nest;

	find_flags(options, flags);
	request_init(&request, RTM_SETLINK, NLM_F_REQUEST, &header, sizeof(header));
	nest = request_open(&request, IFLA_PROTINFO | NLA_F_NESTED);
	for (size_t i = 0; i < FLAGS; i++) {
		const uint8_t value = flags[i].set;

		request_put(&request, flags[i].attribute, &value, sizeof(value));
	}
	request_close(&request, nest);
	return request_send(sock, &request);
}

/* In each VLAN of the port. @type: RTM_NEWNEIGH or RTM_DELNEIGH */
static int tell(struct nl_sock *sock, int index, int type, const uint8_t hwaddr[HWADDR_BYTES])
{
	const struct ndmsg header = {
		.ndm_family = AF_BRIDGE,
		.ndm_ifindex = index,
		.ndm_state = NUD_NOARP, /* stays, and is no address of the host's */
		.ndm_flags = NTF_MASTER,
	};
	struct request request;

	request_init(&request, type,
		     NLM_F_REQUEST | (type == RTM_NEWNEIGH ? NLM_F_CREATE | NLM_F_REPLACE : 0),
		     &header, sizeof(header));
	request_put(&request, NDA_LLADDR, hwaddr, HWADDR_BYTES);
	return request_send(sock, &request);
}

int port_options_set(struct nl_sock *sock, int index, const struct port_options *was,
		     const struct port_options *options)
{
	int r;

	if (!port_options_any(options) && !(was && port_options_any(was)))
		return 0;
	r = set_flags(sock, index, options);
	if (r == 0 && options->no_learning)
		r = tell(sock, index, RTM_NEWNEIGH, options->hwaddr);
	else if (r == 0 && was && was->no_learning)
		(void)tell(sock, index, RTM_DELNEIGH, was->hwaddr); /* learned again, if need be */
	return r;
}

/* struct look - the port's attributes by number; -1: the kernel doesn't say */
struct look {
	int values[IFLA_BRPORT_MAX + 1];
};

static void look_at_port(struct nlattr *port, struct look *look)
{
	struct nlattr *attributes[IFLA_BRPORT_MAX + 1];

	if (nla_parse_nested(attributes, IFLA_BRPORT_MAX, port, NULL) < 0)
		return;
	for (size_t i = 0; i <= IFLA_BRPORT_MAX; i++)
		if (attributes[i] && nla_len(attributes[i]) == sizeof(uint8_t))
			look->values[i] = nla_get_u8(attributes[i]);
}

static int look_at_link(struct nl_msg *msg, void *data)
{
	struct nlattr *link[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(struct ifinfomsg), link, IFLA_MAX, NULL) == 0 &&
	    link[IFLA_LINKINFO] &&
	    nla_parse_nested(info, IFLA_INFO_MAX, link[IFLA_LINKINFO], NULL) == 0 &&
	    info[IFLA_INFO_SLAVE_DATA])
		look_at_port(info[IFLA_INFO_SLAVE_DATA], data);
	return NL_OK;
}

int port_options_hold(struct nl_sock *sock, int index, const struct port_options *options)
{
	const struct ifinfomsg header = {.ifi_index = index};
	struct flag flags[FLAGS];
	struct request request;
	struct look look;
	int r;

	memset(&look, -1, sizeof(look));
	request_init(&request, RTM_GETLINK, NLM_F_REQUEST, &header, sizeof(header));
	r = request_get(sock, &request, look_at_link, &look);
	find_flags(options, flags);
	for (size_t i = 0; r == 0 && i < FLAGS; i++)
		if (look.values[flags[i].attribute] < 0)
			r = -ENODATA;
		else if ((look.values[flags[i].attribute] != 0) != flags[i].set)
			return 0;
	return r < 0 ? r : 1;
}
