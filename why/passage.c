#include "why/passage.h"

#include "lib/own.h"
#include "why/asked.h"
#include "why/subject.h"

#include <linux/if_ether.h>

/*
 * As ip_rcv(), ip_output() and br_netfilter_hooks.c go about it. A bridge that shows its packets to
 * the host's rules has them pass as if it were one interface.
 */

enum way { WAY_INSIDE, WAY_LOOP, WAY_HERE, WAY_ROUTED, WAY_BRIDGED };
enum side { NOWHERE, LOOP, PORT, NEAR, BEYOND };

static const struct row {
	enum way way;
	bool in;
	const char *hook;
	enum side iif, oif;
} rows[] = {
	{WAY_INSIDE, false, "output", NOWHERE, NEAR},
	{WAY_INSIDE, false, "postrouting", NOWHERE, NEAR},
	{WAY_INSIDE, false, "egress", NOWHERE, NEAR},
	{WAY_INSIDE, true, "ingress", NEAR, NOWHERE},
	{WAY_INSIDE, true, "prerouting", NEAR, NOWHERE},
	{WAY_INSIDE, true, "input", NEAR, NOWHERE},

	{WAY_LOOP, true, "output", NOWHERE, LOOP},
	{WAY_LOOP, true, "postrouting", NOWHERE, LOOP},
	{WAY_LOOP, true, "prerouting", LOOP, NOWHERE},
	{WAY_LOOP, true, "input", LOOP, NOWHERE},

	{WAY_HERE, false, "ingress", PORT, NOWHERE},
	{WAY_HERE, false, "ingress", NEAR, NOWHERE},
	{WAY_HERE, false, "prerouting", NEAR, NOWHERE},
	{WAY_HERE, false, "input", NEAR, NOWHERE},
	{WAY_HERE, true, "output", NOWHERE, NEAR},
	{WAY_HERE, true, "postrouting", NOWHERE, NEAR},
	{WAY_HERE, true, "egress", NOWHERE, NEAR},
	{WAY_HERE, true, "egress", NOWHERE, PORT},

	{WAY_ROUTED, false, "ingress", PORT, NOWHERE},
	{WAY_ROUTED, false, "ingress", NEAR, NOWHERE},
	{WAY_ROUTED, false, "prerouting", NEAR, NOWHERE},
	{WAY_ROUTED, false, "forward", NEAR, BEYOND},
	{WAY_ROUTED, false, "postrouting", NOWHERE, BEYOND},
	{WAY_ROUTED, false, "egress", NOWHERE, BEYOND},
	{WAY_ROUTED, true, "ingress", BEYOND, NOWHERE},
	{WAY_ROUTED, true, "prerouting", BEYOND, NOWHERE},
	{WAY_ROUTED, true, "forward", BEYOND, NEAR},
	{WAY_ROUTED, true, "postrouting", NOWHERE, NEAR},
	{WAY_ROUTED, true, "egress", NOWHERE, NEAR},
	{WAY_ROUTED, true, "egress", NOWHERE, PORT},

	{WAY_BRIDGED, false, "ingress", PORT, NOWHERE},
	{WAY_BRIDGED, false, "prerouting", NEAR, NOWHERE},
	{WAY_BRIDGED, false, "forward", NEAR, NEAR},
	{WAY_BRIDGED, false, "postrouting", NOWHERE, NEAR},
	{WAY_BRIDGED, true, "prerouting", NEAR, NOWHERE},
	{WAY_BRIDGED, true, "forward", NEAR, NEAR},
	{WAY_BRIDGED, true, "postrouting", NOWHERE, NEAR},
	{WAY_BRIDGED, true, "egress", NOWHERE, PORT},
};

/* What is bridged, and not asked for at the port itself, is shown to them where somebody wants it.
 */
static bool is_shown(const struct host_way *way, const struct packet *packet, const struct row *row)
{
	if (row->way != WAY_BRIDGED || row->iif == PORT || row->oif == PORT)
		return true;
	if (packet->ether_type == ETH_P_ARP)
		return way->calls_arp;
	return packet->family == AF_INET6 ? way->calls_ip6 : way->calls_ip;
}

static const char *name_of(const struct subject *subject, enum way way, enum side side)
{
	const struct host_way *host = &subject->host_way;

	if (side == NOWHERE)
		return "";
	if (side == LOOP)
		return "lo";
	if (way == WAY_INSIDE)
		return subject->around.route.name;
	if (side == PORT)
		return subject->around.host_port;
	if (side == BEYOND)
		return host->beyond;
	return host->tagged ? NULL : host->interface;
}

/* Return: how many are in @hooks then. */
static size_t add_hooks(const struct subject *subject, enum way way, const struct packet *packet,
			bool in, struct hook *hooks, size_t count)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].way == way && rows[i].in == in &&
		    is_shown(&subject->host_way, packet, &rows[i]))
			hooks[count++] =
				(struct hook){rows[i].hook, name_of(subject, way, rows[i].iif),
					      name_of(subject, way, rows[i].oif)};
	return count;
}

size_t passage_inside(const struct subject *subject, const struct asked *asked,
		      struct hook hooks[PASSAGE_MAX])
{
	const struct packet *packet = &asked->packet;
	size_t count;

	if (!subject->around.route.is_loopback)
		return add_hooks(subject, WAY_INSIDE, packet, packet->in, hooks, 0);
	count = add_hooks(subject, WAY_INSIDE, packet, false, hooks, 0);
	return add_hooks(subject, WAY_INSIDE, packet, true, hooks, count);
}

/* To who is in there himself it goes by the loopback. */
size_t passage_back(const struct subject *subject, const struct asked *refusal, bool inside,
		    struct hook hooks[PASSAGE_MAX])
{
	const struct packet *packet = &refusal->packet;

	if (inside)
		return add_hooks(subject, packet->in ? WAY_LOOP : WAY_INSIDE, packet, packet->in,
				 hooks, 0);
	return packet->in ? add_hooks(subject, WAY_HERE, packet, true, hooks, 0) : 0;
}

static enum way way_of(const struct host_way *way, const struct asked *asked)
{
	if (asked->neighbours ? way->next_is_host : way->end_is_host)
		return WAY_HERE;
	return way->next_is_host ? WAY_ROUTED : WAY_BRIDGED;
}

size_t passage_host(const struct subject *subject, const struct asked *asked,
		    struct hook hooks[PASSAGE_MAX])
{
	const struct host_way *way = &subject->host_way;
	const enum way by = way_of(way, asked);

	if (!way->there || (by == WAY_ROUTED && !way->beyond[0]))
		return 0;
	return add_hooks(subject, by, &asked->packet, asked->packet.in, hooks, 0);
}
