#include "net/bridge.h"

#include "lib/err.h"
#include "lib/own.h"
#include "net/link.h"
#include "net/request.h"
#include "net/rtnl.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

/* What Proxmox hands on from one bridge to those that stand for it. */
static const int settings[] = {
	IFLA_BR_FORWARD_DELAY, IFLA_BR_HELLO_TIME, IFLA_BR_MAX_AGE,       IFLA_BR_AGEING_TIME,
	IFLA_BR_STP_STATE,     IFLA_BR_PRIORITY,   IFLA_BR_MCAST_QUERIER, IFLA_BR_MCAST_SNOOPING,
};

static struct nlattr *open_kind(struct request *request)
{
	struct nlattr *nest = request_open(request, IFLA_LINKINFO);

	request_text(request, IFLA_INFO_KIND, "bridge");
	return nest;
}

/* From what the kernel says of the other one into the request for the new one. */
static int copy_settings(struct nl_msg *msg, void *data)
{
	struct request *request = data;
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct nlattr *mtu = nlmsg_find_attr(header, sizeof(struct ifinfomsg), IFLA_MTU);
	struct nlattr *info = nlmsg_find_attr(header, sizeof(struct ifinfomsg), IFLA_LINKINFO);
	struct nlattr *from = info ? nla_find(nla_data(info), nla_len(info), IFLA_INFO_DATA) : NULL;
	struct nlattr *into, *nest;

	if (mtu)
		request_put(request, IFLA_MTU, nla_data(mtu), (size_t)nla_len(mtu));
	into = open_kind(request);
	nest = request_open(request, IFLA_INFO_DATA);
	for (size_t i = 0; from && i < ARRAY_SIZE(settings); i++) {
		struct nlattr *one = nla_find(nla_data(from), nla_len(from), settings[i]);

		if (one)
			request_put(request, settings[i], nla_data(one), (size_t)nla_len(one));
	}
	request_close(request, nest);
	request_close(request, into);
	return NL_OK;
}

static int put_settings(struct nl_sock *sock, struct request *request, int like)
{
	const struct ifinfomsg other = {.ifi_index = like};
	struct request question;

	if (like == 0) {
		request_close(request, open_kind(request));
		return 0;
	}
	request_init(&question, RTM_GETLINK, NLM_F_REQUEST, &other, sizeof(other));
	return request_get(sock, &question, copy_settings, request);
}

int bridge_add(struct nl_sock *sock, const char *name, const uint8_t hwaddr[HWADDR_BYTES], int like,
	       struct err *err)
{
	const struct ifinfomsg none = {};
	struct request request;
	int r;

	request_init(&request, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL, &none,
		     sizeof(none));
	request_text(&request, IFLA_IFNAME, name);
	request_put(&request, IFLA_ADDRESS, hwaddr, HWADDR_BYTES);
	r = put_settings(sock, &request, like);
	if (request.r == 0)
		request.r = r < 0 ? r : 0;
	r = request_send(sock, &request);
	if (r == -EEXIST)
		return err_plain(err, r, "there is a link %s already, and it isn't ours", name);
	if (r < 0)
		return err_set(err, r, "make the bridge %s", name);
	link_without_ipv6(name);
	r = (int)if_nametoindex(name);
	return r ? r : err_set(err, -errno, "find %s", name);
}
