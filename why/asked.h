#pragma once

#include "net/firewall_judge.h"

#include <stddef.h>

struct action;
struct finding;
struct subject;

/*
 * What firewalls are asked for: the first packet of an action, and before it those by which both
 * ends find each other's hardware address, unless they know it.
 */

enum { ASKED_MAX = 4 };

/** struct asked - a packet, and what it is in words */
struct asked {
	const char *what; /* NULL: the action's own */
	bool neighbours;  /* it goes no further than to the next one */
	struct packet packet;
	int error; /* of the action, if it is dropped */
};

/** packet_of() - the action's own, at the subject's port */
struct packet packet_of(const struct subject *subject, const struct action *action);

/** asked_of() - all that has to get through. @own: the first packet, as its container has it
 * Return: how many. */
size_t asked_of(const struct subject *subject, const struct packet *own,
		struct asked asked[ASKED_MAX]);

/** asked_both_ways() - and, behind them, what answers the action's own */
size_t asked_both_ways(const struct subject *subject, const struct packet *own,
		       struct asked asked[ASKED_MAX]);

/** asked_refusal() - what whoever is refused is told by */
struct asked asked_refusal(const struct asked *asked, const struct table_verdict *verdict);

/** asked_say() - that a table of somebody else's stops it, or may. @verdict: of that table
 * @lost: nobody gets to know that it was refused */
void asked_say(const struct subject *subject, const struct asked *asked,
	       const struct table_verdict *verdict, bool lost, struct finding *finding);

/** asked_text() - "tcp from 10.0.0.1 to port 22" */
const char *asked_text(const struct subject *subject, const struct asked *asked);

/** packet_address(), packet_protocol() - "10.0.0.1", "icmpv6" */
const char *packet_address(const struct subject *subject, const struct packet *packet,
			   const struct in6_addr *address);
const char *packet_protocol(const struct packet *packet);

/** asked_error() - what the action ends with where that is the verdict
 * @lost: nobody gets to know that it was refused */
int asked_error(const struct asked *asked, const struct table_verdict *verdict, bool lost);
