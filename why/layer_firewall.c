#include "why/judge.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "lib/text.h"
#include "net/firewall_judge.h"
#include "why/action.h"
#include "why/asked.h"
#include "why/peer.h"
#include "why/says.h"
#include "why/subject.h"
#include "why/wall.h"

#include <errno.h>
#include <string.h>

/*
 * The rules for its packets at the bridge: for the first packet of a connection, and before it for
 * those by which both ends find each other's hardware address. Where the other end is a container
 * of ours on the same bridge, its rules count too: on the way into it, or out of it.
 */

/* ------------------------------------------------------------------ words */

/* "IN ACCEPT -source 10.0.0.1 -p tcp -dport 22": as it is written in a file of rules */
static const char *line_for(const struct subject *subject, const struct packet *packet)
{
	const char *end = packet_address(subject, packet,
					 packet->in ? &packet->source : &packet->destination);
	const char *protocol = packet_protocol(packet);
	const bool icmp = packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP;

	return arena_printf(says_arena(subject), "%s ACCEPT %s %s -p %s -%s %u",
			    packet->in ? "IN" : "OUT", packet->in ? "-source" : "-dest", end,
			    protocol, icmp ? "icmp-type" : "dport",
			    icmp ? packet->icmp_type : packet->destination_port);
}

/* What would let it through, by the word that the rule's origin begins with. */
static const struct fix {
	const char *word, *text; /* %s: the vmid */
} fixes[] = {
	{"macfilter",
	 "macfilter: 0 in [OPTIONS] of firewall/%s.fw, or the interface's own address"},
	{"ipfilter", "its address in a set [IPSET ipfilter-net...] of firewall/%s.fw"},
	{"ipset ipfilter-", "its address in that set of firewall/%s.fw"},
	{"ipset blacklist", "an exception in that set: !ADDRESS; not in firewall/%s.fw"},
	{"dhcp", "dhcp: 1 in [OPTIONS] of firewall/%s.fw"},
	{"ndp", "ndp: 1 in [OPTIONS] of firewall/%s.fw"},
	{"radv", "radv: 1 in [OPTIONS] of firewall/%s.fw"},
	{"layer2_protocols", "ARP in layer2_protocols in [OPTIONS] of firewall/%s.fw"},
};

static void fix(const struct subject *subject, const struct wall *wall, const struct asked *asked,
		const struct table_item *rule, struct finding *finding)
{
	const char *id = wall->id, *origin = rule ? rule->comment : NULL;

	for (size_t i = 0; origin && i < ARRAY_SIZE(fixes); i++)
		if (starts_with(origin, fixes[i].word)) {
			const char *text = fixes[i].text, *at = strstr(text, "%s");

			finding_fix(finding, subject, NULL,
				    "%.*s%s%s, then: pct firewall %s --apply", (int)(at - text),
				    text, id, at + 2, id);
			return;
		}
	if (!origin)
		finding_fix(finding, subject, NULL,
			    "pct firewall %s --apply puts the rules of its files there again", id);
	else
		finding_fix(finding, subject, NULL,
			    "%s in [RULES] of firewall/%s.fw%s, then: pct firewall %s --apply",
			    line_for(subject, &asked->packet), id,
			    starts_with(origin, "policy_") ? "" : ", before that line", id);
}

/* ------------------------------------------------------------------ verdicts */

static const char *rule_text(const struct subject *subject, const struct table_item *rule)
{
	if (!rule)
		return "the policy of its chain";
	return arena_printf(says_arena(subject), "the rule of chain %s, handle %lu%s", rule->name,
			    rule->handle, rule->comment ? "" : ", which nobody's file has");
}

/* At whose port. */
static const char *place_text(const struct subject *subject, const struct wall *wall,
			      const struct packet *packet)
{
	if (wall == subject->wall)
		return "";
	return arena_printf(says_arena(subject), "on the way %s %s, ",
			    packet->in ? "into" : "out of", wall->id);
}

static void say(const struct subject *subject, const struct wall *wall, const struct asked *asked,
		const struct table_verdict *verdict, struct finding *finding)
{
	static const char *const words[] = {[TABLE_ACCEPTS] = "accepted",
					    [TABLE_DROPS] = "dropped",
					    [TABLE_REFUSES] = "refused",
					    [TABLE_UNCLEAR] = "perhaps stopped"};
	static const enum answer answers[] = {[TABLE_ACCEPTS] = ANSWER_ALLOWS,
					      [TABLE_DROPS] = ANSWER_DENIES,
					      [TABLE_REFUSES] = ANSWER_DENIES,
					      [TABLE_UNCLEAR] = ANSWER_UNKNOWN};
	const char *changes = wall->changes;

	finding_set(finding, subject, answers[verdict->answer], asked_error(asked, verdict, false),
		    "%sat %s: %s: %s by %s%s%s", place_text(subject, wall, &asked->packet),
		    asked->packet.port, asked_text(subject, asked), words[verdict->answer],
		    rule_text(subject, verdict->rule),
		    changes ? "; somebody has changed the table: " : "", changes ? changes : "");
	finding->origin = verdict->rule ? verdict->rule->comment : NULL;
	if (verdict->answer == TABLE_DROPS || verdict->answer == TABLE_REFUSES)
		fix(subject, wall, asked, verdict->rule, finding);
}

/* @own: the first packet, as the wall's container has it */
static void judge_packets(const struct subject *subject, const struct wall *wall,
			  const struct packet *own, struct finding *finding)
{
	struct asked asked[ASKED_MAX];
	const size_t count = asked_of(subject, own, asked);
	size_t patience = JUDGE_PATIENCE;

	for (size_t i = 0; i < count; i++) {
		struct table_verdict verdict =
			table_judge(&wall->table, &asked[i].packet, &patience);

		say(subject, wall, &asked[i], &verdict, finding);
		if (verdict.answer != TABLE_ACCEPTS)
			return;
	}
}

static void judge_wall(const struct subject *subject, const struct wall *wall,
		       const struct packet *own, struct finding *finding)
{
	if (wall->missing)
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "none is there: %s", wall->missing);
	else if (wall->unseen)
		finding_set(finding, subject, ANSWER_UNKNOWN, 0, "%s", wall->unseen);
	else if (!table_is_there(&wall->table))
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "there is no table pctrun-%s: nothing is filtered, which was asked for",
			    wall->id);
	else if (!own->port[0])
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "the host's end of %s isn't in this network namespace",
			    subject->around.route.name);
	else
		judge_packets(subject, wall, own, finding);
}

void judge_firewall(const struct subject *subject, const struct action *action,
		    struct finding *finding)
{
	const struct around *around = &subject->around;
	struct packet own;

	if (!subject->wall || around->address_error || around->route.is_loopback)
		return;
	own = packet_of(subject, action);
	judge_wall(subject, subject->wall, &own, finding);
}

/* What goes out here comes in there. */
static void judge_far_firewall(const struct subject *subject, const struct action *action,
			       struct finding *finding)
{
	const struct peer *peer = subject->peer;
	struct packet packet = packet_of(subject, action);
	char hwaddr[HWADDR_TEXT];

	packet.in = !packet.in;
	packet.port = peer->veth->host;
	packet.hwaddr = hwaddr_text(peer->veth->hwaddr, hwaddr);
	judge_wall(subject, peer->wall, &packet, finding);
}

void judge_far_firewall_out(const struct subject *subject, const struct action *action,
			    struct finding *finding)
{
	if (subject->peer && subject->peer->wall && action->kind == ACTION_ACCEPT)
		judge_far_firewall(subject, action, finding);
}

void judge_far_firewall_in(const struct subject *subject, const struct action *action,
			   struct finding *finding)
{
	if (subject->peer && subject->peer->wall && action->kind == ACTION_CONNECT)
		judge_far_firewall(subject, action, finding);
}
