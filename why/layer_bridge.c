#include "why/judge.h"

#include "net/firewall_judge.h"
#include "why/action.h"
#include "why/asked.h"
#include "why/fix.h"
#include "why/rules.h"
#include "why/says.h"
#include "why/subject.h"

#include <string.h>

/* Rules that somebody else has on the host's bridges: at its port, and on the way between ports. */

/* Return: whether it lets it through. */
static bool judge_table(const struct subject *subject, const struct table *table,
			const struct asked *asked, size_t *patience, struct finding *finding)
{
	struct table_verdict verdict = table_judge(table, &asked->packet, patience);

	if (verdict.answer == TABLE_ACCEPTS)
		verdict = table_judge_between(table, &asked->packet, subject->peer, patience);
	if (verdict.answer == TABLE_ACCEPTS)
		return true;
	asked_say(subject, asked, &verdict, false, finding);
	finding_fix(finding, subject, NULL, "%s", fix_table(subject, "bridge", table->name, ""));
	return false;
}

void judge_bridge(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct rules *rules = subject->host_rules;
	struct asked asked[ASKED_MAX];
	size_t patience = JUDGE_PATIENCE, count;
	struct packet own;

	if (!rules || !subject->host_way.bridged)
		return;
	own = packet_of(subject, action);
	count = asked_of(subject, &own, asked);
	for (size_t i = 0; i < rules->tables.count; i++)
		for (size_t k = 0; k < count; k++)
			if (strcmp(rules->tables.items[i].family, "bridge") == 0 &&
			    !judge_table(subject, &rules->tables.items[i], &asked[k], &patience,
					 finding) &&
			    finding->answer == ANSWER_DENIES)
				return;
}
