#include "why/judge.h"

#include "net/firewall_table.h"
#include "why/action.h"
#include "why/asked.h"
#include "why/fix.h"
#include "why/passage.h"
#include "why/rules.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>

/*
 * nftables' rules of whoever rules the network: inside, and on the host, which may route what a
 * container sends, or have it shown by a bridge. They are asked about the first packet of a
 * connection and about its answer, as nobody says that they let pass what is known.
 */

struct network {
	const struct rules *rules;
	const char *where;
	bool inside;
	size_t *patience; /* for all that is asked of them */
};

/* Whoever sends what his own rules drop gets to know it, but for TCP, which tries again. */
static void move_inside(struct asked *asked)
{
	struct packet *packet = &asked->packet;

	packet->port = NULL;
	if (packet->in)
		return;
	packet->hwaddr = NULL;
	if (!packet->answer && !asked->neighbours && packet->protocol != IPPROTO_TCP)
		asked->error = EPERM;
}

static void fix(const struct subject *subject, const struct network *network,
		const struct table *table, struct finding *finding)
{
	const struct host_way *way = &subject->host_way;
	const bool bridged = !network->inside && way->bridged && !way->next_is_host;

	finding_fix(
		finding, subject, NULL, "%s%s",
		fix_table(subject, table->family, table->name, network->inside ? " inside" : ""),
		bridged ? "; what is bridged isn't shown to it with "
			  "net.bridge.bridge-nf-call-iptables=0, -ip6tables=0 and -arptables=0"
			: "");
}

/* Where it says no, may it? */
static bool is_lost(const struct subject *subject, const struct network *network,
		    const struct asked *asked, const struct table_verdict *verdict)
{
	const struct asked refusal = asked_refusal(asked, verdict);
	struct hook hooks[PASSAGE_MAX];
	const size_t count = passage_back(subject, &refusal, network->inside, hooks);

	for (size_t i = 0; verdict->answer == TABLE_REFUSES && i < count; i++) {
		const struct table_verdict back = tables_judge(
			&network->rules->tables, &refusal.packet, &hooks[i], network->patience);

		if (verdict_stops(back.answer))
			return true;
	}
	return false;
}

/* Return: whether nothing stops it for sure. */
static bool judge_packet(const struct subject *subject, const struct network *network,
			 const struct asked *asked, struct finding *finding)
{
	struct hook hooks[PASSAGE_MAX];
	const size_t count = network->inside ? passage_inside(subject, asked, hooks)
					     : passage_host(subject, asked, hooks);

	for (size_t i = 0; i < count; i++) {
		const struct table_verdict verdict = tables_judge(
			&network->rules->tables, &asked->packet, &hooks[i], network->patience);

		if (verdict.answer == TABLE_ACCEPTS)
			continue;
		asked_say(subject, asked, &verdict, is_lost(subject, network, asked, &verdict),
			  finding);
		fix(subject, network, verdict.table, finding);
		if (finding->answer == ANSWER_DENIES)
			return false;
	}
	return true;
}

static void judge_packets(const struct subject *subject, const struct action *action,
			  const struct network *network, struct finding *finding)
{
	const struct packet own = packet_of(subject, action);
	struct asked asked[ASKED_MAX];
	const size_t count = asked_both_ways(subject, &own, asked);

	for (size_t i = 0; i < count; i++) {
		if (network->inside)
			move_inside(&asked[i]);
		if (!judge_packet(subject, network, &asked[i], finding))
			return;
	}
	if (finding->answer == ANSWER_NONE && network->rules->tables.count > 0)
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "no rule of nftables' %s stops it",
			    network->where);
}

static void judge_network_rules(const struct subject *subject, const struct action *action,
				const struct network *network, struct finding *finding)
{
	const struct rules *rules = network->rules;

	if (!rules || subject->around.address_error)
		return;
	if (rules->unseen) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0, "nftables' rules %s: %s",
			    network->where, rules->unseen);
		return;
	}
	if (rules->legacy)
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "iptables' own tables %s can't be read: %s (iptables-legacy-save shows "
			    "them)",
			    network->where, rules->legacy);
	judge_packets(subject, action, network, finding);
}

static void judge_inside(const struct subject *subject, const struct action *action,
			 struct finding *finding)
{
	size_t patience = JUDGE_PATIENCE;
	const struct network inside = {subject->inside_rules, "inside", true, &patience};

	judge_network_rules(subject, action, &inside, finding);
}

static void judge_host(const struct subject *subject, const struct action *action,
		       struct finding *finding)
{
	size_t patience = JUDGE_PATIENCE;
	const struct network host = {subject->host_rules, "on the host", false, &patience};

	judge_network_rules(subject, action, &host, finding);
}

void judge_inside_out(const struct subject *subject, const struct action *action,
		      struct finding *finding)
{
	if (action->kind == ACTION_CONNECT)
		judge_inside(subject, action, finding);
}

void judge_inside_in(const struct subject *subject, const struct action *action,
		     struct finding *finding)
{
	if (action->kind == ACTION_ACCEPT)
		judge_inside(subject, action, finding);
}

void judge_host_out(const struct subject *subject, const struct action *action,
		    struct finding *finding)
{
	if (action->kind == ACTION_CONNECT)
		judge_host(subject, action, finding);
}

void judge_host_in(const struct subject *subject, const struct action *action,
		   struct finding *finding)
{
	if (action->kind == ACTION_ACCEPT)
		judge_host(subject, action, finding);
}
