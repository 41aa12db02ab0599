#include "net/firewall_walk.h"

#include "lib/json.h"
#include "lib/own.h"
#include "net/firewall_judge.h"
#include "net/firewall_match.h"
#include "net/firewall_reject.h"
#include "net/firewall_table.h"

#include <string.h>

enum { DEPTH = 16 }; /* NFT_JUMP_STACK_SIZE */

/* WALK_ON: nothing has decided yet */
enum walk { WALK_ON, WALK_BACK, WALK_END };

struct judging {
	struct match_scope scope;
	const struct packet *packet;
	bool translates; /* the chain is one that is asked for addresses */
	struct table_verdict verdict;
	struct table_verdict perhaps[TABLE_UNCLEAR + 1]; /* by rules that may be passed over */
	bool has[TABLE_UNCLEAR + 1];
};

static enum walk walk_chain(struct judging *judging, const char *name, unsigned int depth);

/* ------------------------------------------------------------------ what a rule does */

enum statement {
	STATEMENT_NOTHING,
	STATEMENT_PERHAPS, /* what follows holds for some packets */
	STATEMENT_DECIDES,
	STATEMENT_LEADS,
	STATEMENT_RETURNS,
	STATEMENT_MAPS,
	STATEMENT_TRANSLATES, /* another source, for those who get it */
	STATEMENT_UNCLEAR,
};

struct statement_row {
	const char *name;
	enum statement statement;
	int answer;
};

static const struct statement_row statements[] = {
	{"match", STATEMENT_NOTHING, 0},
	{"accept", STATEMENT_DECIDES, TABLE_ACCEPTS},
	{"drop", STATEMENT_DECIDES, TABLE_DROPS},
	{"reject", STATEMENT_DECIDES, TABLE_REFUSES},
	{"jump", STATEMENT_LEADS, 0},
	{"goto", STATEMENT_LEADS, 0},
	{"return", STATEMENT_RETURNS, 0},
	{"vmap", STATEMENT_MAPS, 0},
	{"continue", STATEMENT_NOTHING, 0},
	{"log", STATEMENT_NOTHING, 0},
	{"counter", STATEMENT_NOTHING, 0},
	{"comment", STATEMENT_NOTHING, 0},
	{"last", STATEMENT_NOTHING, 0},
	{"flow", STATEMENT_NOTHING, 0},
	{"limit", STATEMENT_PERHAPS, 0},
	{"quota", STATEMENT_PERHAPS, 0},
	{"ct count", STATEMENT_PERHAPS, 0},
	{"set", STATEMENT_PERHAPS, 0},
	{"masquerade", STATEMENT_TRANSLATES, TABLE_ACCEPTS},
	{"snat", STATEMENT_TRANSLATES, TABLE_ACCEPTS},
};

/* Of iptables, whose own matches and targets nft knows by name alone. */
static const struct statement_row extensions[] = {
	{"comment", STATEMENT_NOTHING, 0},
	{"LOG", STATEMENT_NOTHING, 0},
	{"NFLOG", STATEMENT_NOTHING, 0},
	{"MARK", STATEMENT_NOTHING, 0},
	{"CONNMARK", STATEMENT_NOTHING, 0},
	{"CHECKSUM", STATEMENT_NOTHING, 0},
	{"TCPMSS", STATEMENT_NOTHING, 0},
	{"REJECT", STATEMENT_DECIDES, TABLE_REFUSES},
	{"MASQUERADE", STATEMENT_TRANSLATES, TABLE_ACCEPTS},
	{"SNAT", STATEMENT_TRANSLATES, TABLE_ACCEPTS},
};

static const struct statement_row nothing = {"", STATEMENT_NOTHING, 0},
				  perhaps = {"", STATEMENT_PERHAPS, 0},
				  unclear = {"", STATEMENT_UNCLEAR, 0};

static const struct statement_row *row_of_extension(const struct json *extension)
{
	const char *type = json_string(extension, "type"), *name = json_string(extension, "name");

	for (size_t i = 0; name && i < ARRAY_SIZE(extensions); i++)
		if (strcmp(extensions[i].name, name) == 0)
			return &extensions[i];
	return type && strcmp(type, "match") == 0 ? &perhaps : &unclear;
}

/* Marks are known of no packet. What is changed in one is asked for by rules that follow. */
static const struct statement_row *row_of_change(const struct json *change)
{
	const struct json *key = json_find(change, "key");

	return json_find(key, "meta") || json_find(key, "ct") ? &nothing : &unclear;
}

/* A queue, another destination: what comes of them can't be told. */
static const struct statement_row *row_of(const struct json *statement)
{
	const struct json *one = statement->first;
	const char *name = one && one->name ? one->name : "";

	for (size_t i = 0; i < ARRAY_SIZE(statements); i++)
		if (strcmp(statements[i].name, name) == 0)
			return &statements[i];
	if (strcmp(name, "xt") == 0)
		return row_of_extension(one);
	return strcmp(name, "mangle") == 0 ? row_of_change(one) : &unclear;
}

/* ------------------------------------------------------------------ one rule */

static struct table_verdict verdict_of(const struct judging *judging, const struct table_item *rule,
				       int answer)
{
	return (struct table_verdict){
		.answer = answer, .table = judging->scope.table, .rule = rule};
}

static enum walk decide(struct judging *judging, const struct table_verdict *verdict)
{
	judging->verdict = *verdict;
	return WALK_END;
}

static enum walk give_up(struct judging *judging, const struct table_item *rule)
{
	const struct table_verdict verdict = verdict_of(judging, rule, TABLE_UNCLEAR);

	return decide(judging, &verdict);
}

/* It may come to that here: whether it makes a difference is seen at the end. */
static enum walk note(struct judging *judging, const struct table_verdict *verdict)
{
	if (!judging->has[verdict->answer])
		judging->perhaps[verdict->answer] = *verdict;
	judging->has[verdict->answer] = true;
	return WALK_ON;
}

/* What a jump leads to is the rule's that jumps: who asked for that is in its comment. */
static enum walk follow(struct judging *judging, const struct table_item *rule,
			const struct json *to, bool sure, unsigned int depth)
{
	const bool back = strcmp(to->name, "jump") == 0;
	const char *target = json_string(to, "target");
	enum walk walk;

	if (!target || depth >= DEPTH || (!sure && !back))
		return give_up(judging, rule);
	walk = walk_chain(judging, target, depth + 1);
	if (!back)
		return walk == WALK_END ? WALK_END : WALK_BACK;
	if (walk != WALK_END)
		return WALK_ON;
	if (judging->verdict.answer != TABLE_UNCLEAR)
		judging->verdict.rule = rule;
	return sure ? WALK_END : note(judging, &judging->verdict);
}

/* A container's own rules see what it sends from its own addresses; on the host nobody asks for the
 * source any more. What comes in has another one from then on. */
static int answer_to_source(const struct judging *judging)
{
	const struct packet *packet = judging->packet;

	return judging->translates && !packet->in && packet->port ? TABLE_ACCEPTS : TABLE_UNCLEAR;
}

static enum walk give_verdict(struct judging *judging, const struct table_item *rule,
			      const struct statement_row *row, const struct json *statement,
			      bool sure)
{
	const struct json *reject = json_find(statement, "reject");
	struct table_verdict verdict = verdict_of(judging, rule, row->answer);

	if (reject && !reject_takes(reject, judging->packet))
		return WALK_ON;
	verdict.reset = reject_resets(reject);
	verdict.refusal = reject_error(reject, judging->packet);
	if (row->statement == STATEMENT_TRANSLATES)
		verdict.answer = answer_to_source(judging);
	return sure ? decide(judging, &verdict) : note(judging, &verdict);
}

static enum walk act(struct judging *judging, const struct table_item *rule,
		     const struct statement_row *row, const struct json *statement, bool sure,
		     unsigned int depth);

/* The pairs of a map: [key, verdict]. NULL: nobody knows it. */
static const struct json *pairs_of(const struct judging *judging, const struct json *data)
{
	const struct table_item *named;

	if (!data || data->type != JSON_STRING)
		return json_find(data, "set");
	if (data->text[0] != '@')
		return NULL;
	named = match_find(&judging->scope, TABLE_MAP, data->text + 1);
	return named ? named->json : NULL;
}

/* A map of verdicts, of which that of the packet's key counts. */
static enum walk look_up(struct judging *judging, const struct table_item *rule,
			 const struct json *map, bool sure, unsigned int depth)
{
	const struct json *key = json_find(map, "key");
	const struct json *pairs = pairs_of(judging, json_find(map, "data"));
	enum walk walk = WALK_ON;

	if (!key || !pairs)
		return give_up(judging, rule);
	if (pairs->type == JSON_OBJECT) /* it has a name, and may be empty */
		pairs = json_find(pairs, "elem");
	json_each (pair, pairs) {
		const struct json *verdict = pair->first ? pair->first->next : NULL;
		enum match match;

		if (walk != WALK_ON)
			break;
		if (!verdict || match_tired(&judging->scope, LOOK))
			return give_up(judging, rule);
		match = match_map_key(key, pair->first, judging->packet);
		if (match != MATCH_NO)
			walk = act(judging, rule, row_of(verdict), verdict,
				   sure && match == MATCH_YES, depth);
	}
	return walk;
}

/* @sure: whether the packet is known to be what the rule asks for */
static enum walk act(struct judging *judging, const struct table_item *rule,
		     const struct statement_row *row, const struct json *statement, bool sure,
		     unsigned int depth)
{
	switch (row->statement) {
	case STATEMENT_DECIDES:
	case STATEMENT_TRANSLATES:
		return give_verdict(judging, rule, row, statement, sure);
	case STATEMENT_LEADS:
		return follow(judging, rule, statement->first, sure, depth);
	case STATEMENT_RETURNS:
		return sure ? WALK_BACK : give_up(judging, rule);
	case STATEMENT_MAPS:
		return look_up(judging, rule, statement->first, sure, depth);
	case STATEMENT_UNCLEAR:
		return give_up(judging, rule);
	default:
		return WALK_ON;
	}
}

/* In a rule that only logs, whom it is for makes no difference. */
static bool leads_somewhere(const struct json *expr)
{
	json_each (statement, expr)
		if (row_of(statement)->statement > STATEMENT_PERHAPS)
			return true;
	return false;
}

static enum match match_all(struct judging *judging, const struct json *expr)
{
	enum match match = MATCH_YES;

	json_each (statement, expr) {
		const struct json *asked = json_find(statement, "match");
		enum match one =
			asked ? match_packet(&judging->scope, asked, judging->packet) : MATCH_YES;

		match = one < match ? one : match;
	}
	return match;
}

static enum walk walk_rule(struct judging *judging, const struct table_item *rule,
			   unsigned int depth)
{
	const struct json *expr = json_find(rule->json, "expr");
	enum walk walk = WALK_ON;
	enum match match;

	if (match_tired(&judging->scope, LOOK * (1 + (expr ? expr->count : 0))))
		return give_up(judging, rule);
	if (!leads_somewhere(expr))
		return WALK_ON;
	match = match_all(judging, expr);
	json_each (statement, expr) {
		const struct statement_row *row = row_of(statement);

		if (match == MATCH_NO || walk != WALK_ON)
			break;
		if (row->statement == STATEMENT_PERHAPS)
			match = MATCH_UNKNOWN;
		walk = act(judging, rule, row, statement, match == MATCH_YES, depth);
	}
	return walk;
}

/* ------------------------------------------------------------------ chains */

static enum walk walk_chain(struct judging *judging, const char *name, unsigned int depth)
{
	const struct table *table = judging->scope.table;
	enum walk walk = WALK_ON;

	if (match_tired(&judging->scope, table->count) ||
	    !table_find(table, TABLE_CHAIN, judging->scope.family, name))
		return give_up(judging, NULL);
	for (size_t i = 0; walk == WALK_ON && i < table->count; i++) {
		const struct table_item *item = &table->items[i];

		if (item->kind == TABLE_RULE && strcmp(item->family, judging->scope.family) == 0 &&
		    strcmp(item->name, name) == 0)
			walk = walk_rule(judging, item, depth);
	}
	return walk;
}

/* What may have been decided before makes no difference where it would have been the same. */
static void settle(struct judging *judging)
{
	const int answer = judging->verdict.answer;

	for (int other = 0; other <= TABLE_UNCLEAR; other++)
		if (judging->has[other] && answer != TABLE_UNCLEAR &&
		    (other == TABLE_UNCLEAR || verdict_stops(other) != verdict_stops(answer))) {
			judging->verdict.rule = judging->perhaps[other].rule;
			judging->verdict.answer = TABLE_UNCLEAR;
		}
}

struct table_verdict walk_base_chain(const struct table *table, const struct table_item *chain,
				     const struct packet *packet, size_t *patience)
{
	const char *policy = json_string(chain->json, "policy");
	const char *type = json_string(chain->json, "type");
	struct judging judging = {
		.scope = {.table = table, .family = chain->family, .patience = patience},
		.packet = packet,
		.translates = type && strcmp(type, "nat") == 0,
	};

	if (judging.translates && packet->answer) /* as its connection was */
		return verdict_of(&judging, NULL, TABLE_ACCEPTS);
	if (walk_chain(&judging, chain->name, 0) != WALK_END)
		judging.verdict = verdict_of(&judging, NULL,
					     policy && strcmp(policy, "drop") == 0 ? TABLE_DROPS
										   : TABLE_ACCEPTS);
	settle(&judging);
	return judging.verdict;
}
