#include "net/firewall_judge.h"

#include "lib/json.h"
#include "lib/own.h"
#include "net/firewall_match.h"
#include "net/firewall_table.h"

#include <string.h>

enum { DEPTH = 16 }; /* NFT_JUMP_STACK_SIZE */

/* WALK_ON: nothing has decided yet */
enum walk { WALK_ON, WALK_BACK, WALK_END };

struct judging {
	const struct table *table;
	const struct packet *packet;
	struct table_verdict verdict;
};

static enum walk walk_chain(struct judging *judging, const char *name, unsigned int depth);

/* ------------------------------------------------------------------ one rule */

static enum walk decide(struct judging *judging, const struct table_item *rule, int answer)
{
	judging->verdict = (struct table_verdict){.answer = answer, .rule = rule};
	return WALK_END;
}

/* What a jump leads to is the rule's that jumps: who asked for that is in its comment. */
static enum walk follow(struct judging *judging, const struct table_item *rule,
			const struct json *to, bool back, unsigned int depth)
{
	const char *target = json_string(to, "target");
	enum walk walk;

	if (!target || depth >= DEPTH)
		return decide(judging, rule, TABLE_UNCLEAR);
	walk = walk_chain(judging, target, depth + 1);
	if (!back)
		return walk == WALK_END ? WALK_END : WALK_BACK;
	if (walk == WALK_END && judging->verdict.answer != TABLE_UNCLEAR)
		judging->verdict.rule = rule;
	return walk == WALK_END ? WALK_END : WALK_ON;
}

enum statement { STATEMENT_NOTHING, STATEMENT_DECIDES, STATEMENT_LEADS, STATEMENT_RETURNS };

static const struct statement_row {
	const char *name;
	enum statement statement;
	int answer;
} statements[] = {
	{"accept", STATEMENT_DECIDES, TABLE_ACCEPTS},
	{"drop", STATEMENT_DECIDES, TABLE_DROPS},
	{"reject", STATEMENT_DECIDES, TABLE_REFUSES},
	{"jump", STATEMENT_LEADS, 0},
	{"goto", STATEMENT_LEADS, 0},
	{"return", STATEMENT_RETURNS, 0},
	{"continue", STATEMENT_NOTHING, 0},
	{"log", STATEMENT_NOTHING, 0},
	{"counter", STATEMENT_NOTHING, 0},
	{"comment", STATEMENT_NOTHING, 0},
};

static const struct statement_row *row_of(const struct json *statement)
{
	const char *name = statement->first ? statement->first->name : NULL;

	for (size_t i = 0; name && i < ARRAY_SIZE(statements); i++)
		if (strcmp(statements[i].name, name) == 0)
			return &statements[i];
	return NULL;
}

/* @sure: whether the packet is known to be what the rule asks for */
static enum walk act(struct judging *judging, const struct table_item *rule,
		     const struct statement_row *row, const struct json *statement, bool sure,
		     unsigned int depth)
{
	if (row->statement == STATEMENT_NOTHING)
		return WALK_ON;
	if (!sure)
		return decide(judging, rule, TABLE_UNCLEAR);
	if (row->statement == STATEMENT_DECIDES)
		return decide(judging, rule, row->answer);
	if (row->statement == STATEMENT_RETURNS)
		return WALK_BACK;
	return follow(judging, rule, statement->first, strcmp(row->name, "jump") == 0, depth);
}

/* A limit in front of a verdict, a queue, a mark, a map of verdicts: what comes of it can't be
 * told. In a rule that only logs it makes no difference. */
static bool leads_somewhere(const struct json *expr)
{
	json_each (statement, expr) {
		const struct statement_row *row = row_of(statement);

		if ((row && row->statement != STATEMENT_NOTHING) ||
		    (!row && !json_find(statement, "match") && !json_find(statement, "limit")))
			return true;
	}
	return false;
}

static enum walk walk_rule(struct judging *judging, const struct table_item *rule,
			   unsigned int depth)
{
	const struct json *expr = json_find(rule->json, "expr");
	enum match match = MATCH_YES;

	if (!leads_somewhere(expr))
		return WALK_ON;
	json_each (statement, expr) {
		const struct json *asked = json_find(statement, "match");
		enum match one =
			asked ? match_packet(judging->table, asked, judging->packet) : MATCH_YES;

		match = one < match ? one : match;
	}
	json_each (statement, expr) {
		const struct statement_row *row = row_of(statement);
		enum walk walk = WALK_ON;

		if (match == MATCH_NO || json_find(statement, "match"))
			continue;
		if (row)
			walk = act(judging, rule, row, statement, match == MATCH_YES, depth);
		else if (json_find(statement, "limit"))
			match = MATCH_UNKNOWN;
		else
			walk = decide(judging, rule, TABLE_UNCLEAR);
		if (walk != WALK_ON)
			return walk;
	}
	return WALK_ON;
}

/* ------------------------------------------------------------------ chains */

static enum walk walk_chain(struct judging *judging, const char *name, unsigned int depth)
{
	const struct table *table = judging->table;
	enum walk walk = WALK_ON;

	for (size_t i = 0; walk == WALK_ON && i < table->count; i++) {
		const struct table_item *item = &table->items[i];

		if (item->kind == TABLE_RULE && strcmp(item->family, "bridge") == 0 &&
		    strcmp(item->name, name) == 0)
			walk = walk_rule(judging, item, depth);
	}
	return walk;
}

static void walk_hook(struct judging *judging, const struct table_item *chain)
{
	const char *policy = json_string(chain->json, "policy");

	if (walk_chain(judging, chain->name, 0) != WALK_END)
		decide(judging, NULL,
		       policy && strcmp(policy, "drop") == 0 ? TABLE_DROPS : TABLE_ACCEPTS);
}

/* Each chain of the hook has to let it through. */
static struct table_verdict judge_at(const struct table *table, const struct packet *packet,
				     const char *hook)
{
	struct judging judging = {.table = table, .packet = packet};

	for (size_t i = 0; judging.verdict.answer == TABLE_ACCEPTS && i < table->count; i++) {
		const struct table_item *item = &table->items[i];
		const char *at = json_string(item->json, "hook");

		if (item->kind == TABLE_CHAIN && at && strcmp(at, hook) == 0 &&
		    strcmp(item->family, "bridge") == 0)
			walk_hook(&judging, item);
	}
	return judging.verdict;
}

struct table_verdict table_judge(const struct table *table, const struct packet *packet)
{
	return judge_at(table, packet, packet->in ? "postrouting" : "prerouting");
}

struct table_verdict table_judge_between(const struct table *table, const struct packet *packet,
					 bool forwarded)
{
	struct packet between = *packet;
	struct table_verdict verdict;

	between.between = true;
	verdict = judge_at(table, &between, "forward");
	if (forwarded)
		return verdict;
	if (verdict.answer == TABLE_ACCEPTS)
		verdict = judge_at(table, &between, packet->in ? "output" : "input");
	if (verdict.answer != TABLE_ACCEPTS)
		verdict.answer = TABLE_UNCLEAR;
	return verdict;
}
