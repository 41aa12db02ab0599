#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct table;
struct table_item;

/*
 * What a container's table says of a packet, by the kernel's rules as they were read back, whoever
 * has made them. Pure. What a rule asks for that isn't known here makes the answer unclear, never
 * a wrong one.
 */

/** struct packet - the first of a connection */
struct packet {
	bool in;             /* to the container: at the bridge's way out to its port */
	bool between;        /* at a hook that knows the other port, too              */
	const char *port;    /* on the host: "veth100i0"            */
	const char *hwaddr;  /* of the sender: "bc:24:11:00:00:01"  */
	uint16_t ether_type; /* ETH_P_*                             */
	int family;          /* AF_INET, AF_INET6                   */
	struct in6_addr source, destination; /* of AF_INET the first four bytes; for ETH_P_ARP
						who asks                           */
	uint8_t protocol;                    /* IPPROTO_*                          */
	uint16_t source_port, destination_port;
	uint8_t icmp_type;
};

enum table_answer { TABLE_ACCEPTS, TABLE_DROPS, TABLE_REFUSES, TABLE_UNCLEAR };

struct table_verdict {
	enum table_answer answer;
	const struct table_item *rule; /* that decides; NULL: none, so the chain's policy does */
};

/** table_judge() - a verdict for a packet of its container */
struct table_verdict table_judge(const struct table *table, const struct packet *packet);

/**
 * table_judge_between() - a verdict of somebody's chains in the middle of a bridge
 * @packet: goes on to another port where @forwarded, else perhaps; to the host's own end, or from
 *	there, where not. What only one of the two would stop is unclear then.
 */
struct table_verdict table_judge_between(const struct table *table, const struct packet *packet,
					 bool forwarded);
