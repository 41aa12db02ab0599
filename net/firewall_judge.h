#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct json;
struct table;
struct table_item;
struct tables;

/*
 * What tables say of a packet, by the kernel's rules as they were read back, whoever has made them.
 * Pure. What a rule asks for that isn't known here makes the answer unclear, never a wrong one.
 */

/** struct packet - the first of a connection, or what answers it */
struct packet {
	bool in;      /* to the container: at the bridge's way out to its port          */
	bool answer;  /* of a connection that is known by then                          */
	bool refusal; /* what a rule answers in words                                   */
	bool vague;   /* of neighbours that look for each other: from and to whatever addresses */
	const char *port;   /* on the host: "veth100i0"            */
	const char *hwaddr; /* of the sender: "bc:24:11:00:00:01"; NULL: none yet */
	const char *iif,
		*oif; /* interfaces at a hook; "": none there; NULL: whichever. The judge's */
	uint16_t ether_type;                 /* ETH_P_*                             */
	int family;                          /* AF_INET, AF_INET6                   */
	struct in6_addr source, destination; /* of AF_INET the first four bytes; for ETH_P_ARP
						who asks                           */
	uint8_t protocol;                    /* IPPROTO_*                          */
	uint16_t source_port, destination_port;
	uint8_t icmp_type;
};

enum table_answer { TABLE_ACCEPTS, TABLE_DROPS, TABLE_REFUSES, TABLE_UNCLEAR };

struct table_verdict {
	enum table_answer answer;
	const struct table *table;     /* whose chain decides; NULL: none does             */
	const struct table_item *rule; /* that decides; NULL: none, so the chain's policy does */
	bool reset;  /* by refusing the connection, not by an error of the network      */
	int refusal; /* what the kernel makes of it for who is refused, an errno value; 0: by the
			protocol */
};

/** verdict_stops() - for sure */
static inline bool verdict_stops(enum table_answer answer)
{
	return answer == TABLE_DROPS || answer == TABLE_REFUSES;
}

/*
 * What may be spent on a question, whatever is asked for it, in steps of ten nanoseconds or so:
 * about a second. What is left of it goes from one verdict to the next, and without any they are
 * unclear.
 */
enum { JUDGE_PATIENCE = 1 << 26 };

/** table_judge() - a verdict for a packet of its container */
struct table_verdict table_judge(const struct table *table, const struct packet *packet,
				 size_t *patience);

/**
 * table_judge_between() - a verdict of somebody's chains in the middle of a bridge
 * @packet: goes on to another port where @forwarded, else perhaps; to the host's own end, or from
 *	there, where not. What only one of the two would stop is unclear then.
 */
struct table_verdict table_judge_between(const struct table *table, const struct packet *packet,
					 bool forwarded, size_t *patience);

/** struct hook - where a packet meets rules on its way through a network namespace */
struct hook {
	const char *name;      /* "forward"; "ingress" and "egress" are an interface's own */
	const char *iif, *oif; /* the interfaces that it has there; "": none; NULL: whichever */
};

/**
 * tables_judge() - a verdict of all chains at a hook: of the families inet, ip and ip6, or arp, and
 * at an interface of netdev
 * Return: what stops it, or else what may.
 */
struct table_verdict tables_judge(const struct tables *tables, const struct packet *packet,
				  const struct hook *hook, size_t *patience);
