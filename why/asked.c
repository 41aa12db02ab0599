#include "why/asked.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "lib/printable.h"
#include "net/firewall_table.h"
#include "why/action.h"
#include "why/judge.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

static struct in6_addr far_address(const struct action *action, uint16_t *port)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&action->address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&action->address;
	struct in6_addr address = {};

	*port = ntohs(v4->sin_port); /* both have it at the same place */
	if (v4->sin_family == AF_INET6)
		return v6->sin6_addr;
	memcpy(&address, &v4->sin_addr, sizeof(v4->sin_addr));
	return address;
}

/* A port as the kernel gives them to who asks, but for who has one of its own: clients and servers
 * of DHCP, RFC 2131 and RFC 8415. */
static uint16_t source_port(const struct action *action, uint16_t destination)
{
	enum { EPHEMERAL = 40000 };
	static const struct {
		uint16_t destination, source;
	} pairs[] = {{67, 68}, {68, 67}, {547, 546}, {546, 547}};

	for (size_t i = 0; action->protocol == IPPROTO_UDP && i < ARRAY_SIZE(pairs); i++)
		if (pairs[i].destination == destination)
			return pairs[i].source;
	return EPHEMERAL;
}

struct packet packet_of(const struct subject *subject, const struct action *action)
{
	const struct around *around = &subject->around;
	struct packet packet = {
		.in = action->kind == ACTION_ACCEPT,
		.port = around->host_port,
		.hwaddr = around->route.hwaddr,
		.ether_type = action->address.ss_family == AF_INET ? ETH_P_IP : ETH_P_IPV6,
		.family = action->address.ss_family,
		.protocol = action->protocol,
		.icmp_type = action->icmp_type,
	};
	struct in6_addr far = far_address(action, &packet.destination_port);

	packet.source_port = source_port(action, packet.destination_port);
	packet.source = packet.in ? far : around->route.source;
	packet.destination = packet.in ? around->route.source : far;
	return packet;
}

/* RFC 826: its question or answer goes out, whoever began. RFC 4861: a question and an answer. */
static size_t neighbour_packets(const struct packet *own, struct asked *asked)
{
	enum { SOLICITATION = 135, ADVERTISEMENT = 136 };
	const bool v6 = own->family == AF_INET6;
	size_t count = 0;

	for (size_t i = 0; i < (v6 ? 2 : 1); i++) {
		struct packet *packet = &asked[count++].packet;

		*packet = *own;
		asked[i].neighbours = true;
		packet->in = v6 && (i == 0) == own->in;
		packet->ether_type = v6 ? ETH_P_IPV6 : ETH_P_ARP;
		packet->protocol = v6 ? IPPROTO_ICMPV6 : 0;
		packet->icmp_type = i == 0 ? SOLICITATION : ADVERTISEMENT;
		if (packet->in != own->in) {
			packet->source = own->destination;
			packet->destination = own->source;
		}
		if (!v6 && own->in)
			packet->source = own->destination;
		asked[i].what = v6 ? i == 0 ? "the question for a neighbour (ICMPv6 135)"
					    : "a neighbour's answer (ICMPv6 136)"
				   : "the question for a neighbour (ARP)";
		asked[i].error = EHOSTUNREACH;
	}
	return count;
}

size_t asked_of(const struct subject *subject, const struct packet *own,
		struct asked asked[ASKED_MAX])
{
	const struct route *route = &subject->around.route;
	size_t count;

	memset(asked, 0, ASKED_MAX * sizeof(*asked));
	count = route->knows_neighbour || route->is_loopback ? 0 : neighbour_packets(own, asked);
	asked[count++] = (struct asked){.packet = *own, .error = ETIMEDOUT};
	return count;
}

static bool has_answer(const struct packet *packet)
{
	if (packet->protocol == IPPROTO_TCP || packet->protocol == IPPROTO_UDP)
		return true;
	return packet->icmp_type == (packet->family == AF_INET6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO);
}

static struct packet answer_to(const struct packet *packet)
{
	struct packet answer = *packet;

	answer.in = !packet->in;
	answer.answer = true;
	answer.source = packet->destination;
	answer.destination = packet->source;
	answer.source_port = packet->destination_port;
	answer.destination_port = packet->source_port;
	answer.icmp_type = packet->family == AF_INET6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	return answer;
}

size_t asked_both_ways(const struct subject *subject, const struct packet *own,
		       struct asked asked[ASKED_MAX])
{
	size_t count = asked_of(subject, own, asked);

	for (size_t i = 0; i < count; i++)
		asked[i].packet.vague = asked[i].neighbours && own->family == AF_INET6;
	if (has_answer(own))
		asked[count++] = (struct asked){
			.what = "the answer", .packet = answer_to(own), .error = ETIMEDOUT};
	return count;
}

struct asked asked_refusal(const struct asked *asked, const struct table_verdict *verdict)
{
	const bool v6 = asked->packet.family == AF_INET6;
	struct packet refusal = answer_to(&asked->packet);

	refusal.answer = false;
	refusal.refusal = true;
	if (!verdict->reset) {
		refusal.vague = true; /* who says so has an address of his own */
		refusal.protocol = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
		refusal.icmp_type = v6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH;
	}
	return (struct asked){.what = "the refusal", .packet = refusal};
}

/* ------------------------------------------------------------------ words */

const char *packet_address(const struct subject *subject, const struct packet *packet,
			   const struct in6_addr *address)
{
	char text[INET6_ADDRSTRLEN];

	return arena_strdup(says_arena(subject),
			    inet_ntop(packet->family, address, text, sizeof(text)));
}

const char *packet_protocol(const struct packet *packet)
{
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	default:
		return packet->family == AF_INET6 ? "icmpv6" : "icmp";
	}
}

/* "tcp from 10.0.0.1 to port 22" */
const char *asked_text(const struct subject *subject, const struct asked *asked)
{
	const struct packet *packet = &asked->packet;
	const char *end = packet_address(subject, packet,
					 packet->in ? &packet->source : &packet->destination);
	const bool icmp = packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP;

	if (asked->what)
		return asked->what;
	return arena_printf(says_arena(subject), "%s %s %s %s %u", packet_protocol(packet),
			    packet->in ? "from" : "to", end, icmp ? "of type" : "to port",
			    icmp ? packet->icmp_type : packet->destination_port);
}

/* Whoever is stopped on his own way out has it from his call, in whichever words. */
int asked_error(const struct asked *asked, const struct table_verdict *verdict, bool lost)
{
	const uint8_t protocol = asked->packet.protocol;

	if (verdict->answer != TABLE_REFUSES || lost || asked->packet.answer ||
	    asked->error == EPERM)
		return asked->error;
	if (verdict->refusal)
		return verdict->refusal;
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ? ECONNREFUSED : EHOSTUNREACH;
}

void asked_say(const struct subject *subject, const struct asked *asked,
	       const struct table_verdict *verdict, bool lost, struct finding *finding)
{
	static const char *const words[] = {[TABLE_DROPS] = "dropped",
					    [TABLE_REFUSES] = "refused",
					    [TABLE_UNCLEAR] = "perhaps stopped"};
	struct arena *arena = says_arena(subject);
	const struct table_item *rule = verdict->rule;
	const struct table *table = verdict->table;

	finding_set(
		finding, subject, verdict->answer == TABLE_UNCLEAR ? ANSWER_UNKNOWN : ANSWER_DENIES,
		asked_error(asked, verdict, lost), "table %s %s: %s: %s by %s", table->family,
		printable(arena, table->name), asked_text(subject, asked), words[verdict->answer],
		rule ? arena_printf(arena, "the rule of chain %s, handle %lu",
				    printable(arena, rule->name), rule->handle)
		     : "the policy of its chain");
}
