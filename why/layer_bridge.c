#include "why/judge.h"

#include "lib/arena.h"
#include "lib/printable.h"
#include "net/firewall_judge.h"
#include "why/action.h"
#include "why/asked.h"
#include "why/bridge_tables.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>

/* Rules that somebody else has on the host's bridges: at its port, and on the way between ports. */

static void say(const struct subject *subject, const struct asked *asked, const char *table,
		const struct table_verdict *verdict, struct finding *finding)
{
	struct arena *arena = says_arena(subject);
	const bool unclear = verdict->answer == TABLE_UNCLEAR;
	const struct table_item *rule = verdict->rule;

	table = printable(arena, table);
	finding_set(finding, subject, unclear ? ANSWER_UNKNOWN : ANSWER_DENIES,
		    verdict->answer == TABLE_REFUSES ? asked_refusal(asked) : asked->error,
		    "table bridge %s: %s: %s by %s", table, asked_text(subject, asked),
		    unclear                            ? "perhaps stopped"
		    : verdict->answer == TABLE_REFUSES ? "refused"
						       : "dropped",
		    rule ? arena_printf(arena, "the rule of chain %s, handle %lu",
					printable(arena, rule->name), rule->handle)
			 : "the policy of its chain");
	finding_fix(finding, subject, NULL,
		    "a rule of whoever runs that table: nft -a list table bridge %s", table);
}

/* Return: whether it lets it through. */
static bool judge_table(const struct subject *subject, const struct table *table,
			const struct asked *asked, struct finding *finding)
{
	struct table_verdict verdict = table_judge(table, &asked->packet);

	if (verdict.answer == TABLE_ACCEPTS)
		verdict = table_judge_between(table, &asked->packet, subject->peer);
	if (verdict.answer == TABLE_ACCEPTS)
		return true;
	say(subject, asked, table->name, &verdict, finding);
	return false;
}

void judge_bridge(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct bridge_tables *tables = subject->bridge_tables;
	struct asked asked[ASKED_MAX];
	struct packet own;
	size_t count;

	if (!tables || subject->around.address_error || subject->around.route.is_loopback)
		return;
	if (tables->unseen) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "other rules on the host's bridges: %s", tables->unseen);
		return;
	}
	own = packet_of(subject, action);
	count = asked_of(subject, &own, asked);
	for (size_t i = 0; i < tables->count; i++)
		for (size_t k = 0; k < count; k++)
			if (!judge_table(subject, &tables->tables[i], &asked[k], finding) &&
			    finding->answer == ANSWER_DENIES)
				return;
}
