#pragma once

#include "net/firewall_judge.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <linux/if_ether.h>

/* Rules as libnftables-json(5) has them, and a packet that they are asked about. */

#define MATCH(op, left, right)                                                                     \
	"{\"match\":{\"op\":\"" op "\",\"left\":" left ",\"right\":" right "}},"
#define META(key)            "{\"meta\":{\"key\":\"" key "\"}}"
#define FIELD(header, field) "{\"payload\":{\"protocol\":\"" header "\",\"field\":\"" field "\"}}"
#define STATE                "{\"ct\":{\"key\":\"state\"}}"
#define DROP                 "{\"drop\":null}"
#define ALL(items)           "{\"nftables\":[{\"metainfo\":{}}" items "]}\n"

static inline struct packet to_port(int family, const char *from, uint16_t port)
{
	struct packet packet = {.port = "veth1",
				.hwaddr = "bc:24:11:00:00:01",
				.ether_type = family == AF_INET ? ETH_P_IP : ETH_P_IPV6,
				.family = family,
				.protocol = IPPROTO_TCP,
				.source_port = 40000,
				.destination_port = port};

	cr_assert_eq(inet_pton(family, from, &packet.source), 1);
	return packet;
}
