#include "net/port_options.h"

#include "lib/file.h"
#include "lib/own.h"
#include "net/request.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct flag {
	int attribute;
	const char *file; /* below /sys/class/net/PORT/brport */
	bool set;
};

enum { FLAGS = 3 };

static void find_flags(const struct port_options *options, struct flag flags[FLAGS])
{
	const struct flag found[FLAGS] = {
		{IFLA_BRPORT_LEARNING, "learning", !options->no_learning},
		{IFLA_BRPORT_UNICAST_FLOOD, "unicast_flood", !options->no_learning},
		{IFLA_BRPORT_ISOLATED, "isolated", options->isolated},
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

bool port_options_hold(const char *name, const struct port_options *options)
{
	struct flag flags[FLAGS];

	find_flags(options, flags);
	for (size_t i = 0; i < FLAGS; i++) {
		char path[80], line[8];

		(void)snprintf(path, sizeof(path), "/sys/class/net/%s/brport/%s", name,
			       flags[i].file);
		if (file_line(AT_FDCWD, path, line, sizeof(line)) > 0 &&
		    (strcmp(line, "0") != 0) != flags[i].set)
			return false;
	}
	return true;
}
