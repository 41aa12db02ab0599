#include "cgroup/device_filter.h"
#include "lib/arena.h"

#include <linux/bpf.h>
#include <stdlib.h>

/*
 * Rules read back from filters, whoever has written those: a filter of rules compares with the
 * numbers that it names, so it is asked about each of them, and about one that it doesn't name,
 * which stands for all the others.
 */

enum { NUMBERS_MAX = 256, PAIRS_MAX = 4096, STEPS_MAX = 1 << 28 };

/* Majors or minors, in order; the last is one that no filter names. */
struct numbers {
	unsigned int highest;
	size_t count;
	long items[NUMBERS_MAX + 1];
	bool cut;
};

struct named {
	struct numbers majors, minors;
	const char *unclear;
	struct device_verdict order; /* of a filter that compares by order; else it has none */
};

static void add_number(struct numbers *numbers, long number)
{
	if (number < 0 || number > numbers->highest)
		return;
	for (size_t i = 0; i < numbers->count; i++)
		if (numbers->items[i] == number)
			return;
	if (numbers->count == NUMBERS_MAX)
		numbers->cut = true;
	else
		numbers->items[numbers->count++] = number;
}

static int by_number(const void *a, const void *b)
{
	const long one = *(const long *)a, other = *(const long *)b;

	return (one > other) - (one < other);
}

static void finish(struct numbers *numbers)
{
	long other = numbers->highest;

	qsort(numbers->items, numbers->count, sizeof(*numbers->items), by_number);
	for (size_t i = numbers->count; i-- > 0 && numbers->items[i] == other;)
		other--;
	numbers->items[numbers->count] = other;
}

/* A number of an instruction may be a major, a minor, or both in one, as in our own programs. */
static void add_insns(struct named *named, const struct device_filter *filter)
{
	for (size_t i = 0; i < filter->count; i++) {
		const long number = (uint32_t)filter->insns[i].imm;

		add_number(&named->majors, number);
		add_number(&named->majors, number >> MINOR_BITS);
		add_number(&named->minors, number & MINOR_MAX);
	}
}

static void add_rules(struct named *named, const struct device_rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		add_number(&named->majors, rules[i].major);
		add_number(&named->minors, rules[i].minor);
	}
}

/* What compares by order has borders that one number can't stand for.
 * @verdict: where it does */
static bool orders(const struct device_filter *filter, struct device_verdict *verdict)
{
	for (size_t i = 0; i < filter->count; i++) {
		const unsigned int code = filter->insns[i].code, class = BPF_CLASS(code);

		switch (BPF_OP(code)) {
		case BPF_JGT:
		case BPF_JGE:
		case BPF_JLT:
		case BPF_JLE:
		case BPF_JSGT:
		case BPF_JSGE:
		case BPF_JSLT:
		case BPF_JSLE:
			if (class != BPF_JMP && class != BPF_JMP32)
				break;
			*verdict = (struct device_verdict){DEVICE_UNCLEAR, filter,
							   "compares by order", i};
			return true;
		}
	}
	return false;
}

static void collect(struct arena *arena, const struct device_filters *filters, struct named *named)
{
	*named = (struct named){.majors.highest = MAJOR_MAX, .minors.highest = MINOR_MAX};
	for (size_t i = 0; i < filters->count && !named->unclear; i++) {
		const struct device_filter *filter = &filters->items[i];

		if (filter->rules)
			add_rules(named, filter->rules, filter->count);
		else if (!filter->unread && orders(filter, &named->order))
			named->unclear =
				arena_printf(arena, "%s %s", device_filter_text(arena, filter),
					     named->order.why);
		else if (!filter->unread)
			add_insns(named, filter);
	}
	finish(&named->majors);
	finish(&named->minors);
	if (named->majors.cut || named->minors.cut ||
	    named->majors.count * named->minors.count > PAIRS_MAX)
		named->unclear = "they name too many devices";
}

struct device_verdict device_filters_ask_any(const struct device_filters *filters, char type,
					     unsigned int access)
{
	cleanup_(arena_free) struct arena arena = {};
	struct named named;

	collect(&arena, filters, &named);
	return device_filters_ask(
		filters, &(struct device_request){
				 type, (unsigned int)named.majors.items[named.majors.count],
				 (unsigned int)named.minors.items[named.minors.count], access});
}

/* ------------------------------------------------------------------ told in rules */

struct table {
	const struct device_filters *filters;
	const struct named *named;
	char type;
	unsigned int *rows, *columns; /* of each major with any minor, and the other way */
	unsigned int any;
	struct device_rule *rules;
	size_t count;
	struct device_verdict unclear;
};

static unsigned int ask(struct table *table, size_t major, size_t minor)
{
	struct device_verdict denial;
	const unsigned int allowed = device_filters_access(
		table->filters, table->type, (unsigned int)table->named->majors.items[major],
		(unsigned int)table->named->minors.items[minor], &denial);

	if (denial.answer == DEVICE_UNCLEAR)
		table->unclear = denial;
	return allowed;
}

static void add(struct table *table, long major, long minor, unsigned int access)
{
	table->rules[table->count++] =
		(struct device_rule){true, table->type, major, minor, access};
}

/* A number that both a rule on its major and one on its minor speak of has one of its own. */
static void add_pairs(struct table *table, size_t major)
{
	const struct named *named = table->named;
	const unsigned int row = table->rows[major];

	for (size_t i = 0; i < named->minors.count; i++) {
		const unsigned int column = table->columns[i], access = ask(table, major, i);
		const bool both = row != table->any && column != table->any;

		if (both || access != (row != table->any ? row : column))
			add(table, named->majors.items[major], named->minors.items[i], access);
	}
}

static void fill(struct table *table)
{
	const struct numbers *majors = &table->named->majors, *minors = &table->named->minors;

	table->any = ask(table, majors->count, minors->count);
	for (size_t i = 0; i < minors->count; i++)
		table->columns[i] = ask(table, majors->count, i);
	for (size_t i = 0; i < majors->count; i++)
		table->rows[i] = ask(table, i, minors->count);
	add(table, -1, -1, table->any);
	for (size_t i = 0; i < minors->count; i++)
		if (table->columns[i] != table->any)
			add(table, -1, minors->items[i], table->columns[i]);
	for (size_t i = 0; i < majors->count; i++) {
		if (table->rows[i] != table->any)
			add(table, majors->items[i], -1, table->rows[i]);
		add_pairs(table, i);
	}
}

/* What is said of any device of both types is said once; where it is nothing, not at all. */
static void join(struct device_rule *rules, size_t *count, size_t second)
{
	size_t kept = 0;

	if (rules[0].access == rules[second].access) {
		rules[0].type = 'a';
		rules[second].access = 0;
	}
	for (size_t i = 0; i < *count; i++)
		if (rules[i].access || rules[i].major >= 0 || rules[i].minor >= 0)
			rules[kept++] = rules[i];
	*count = kept;
}

static void summarize(struct arena *arena, const struct device_filters *filters,
		      const struct named *named, struct device_summary *summary)
{
	const size_t majors = named->majors.count, minors = named->minors.count;
	struct table table = {
		.filters = filters,
		.named = named,
		.rows = arena_array(arena, majors + 1, sizeof(*table.rows)),
		.columns = arena_array(arena, minors + 1, sizeof(*table.columns)),
		.rules = arena_array(arena, 2 * (majors + 1) * (minors + 1), sizeof(*table.rules)),
	};
	size_t second;

	table.type = 'c';
	fill(&table);
	second = table.count;
	table.type = 'b';
	fill(&table);
	if (table.unclear.filter) {
		summary->unclear = device_unclear_text(arena, &table.unclear);
		return;
	}
	join(table.rules, &table.count, second);
	summary->rules = table.rules;
	summary->count = table.count;
}

void device_filters_summary(struct arena *arena, const struct device_filters *filters,
			    struct device_summary *summary)
{
	struct named named;

	*summary = (struct device_summary){};
	collect(arena, filters, &named);
	if (named.unclear)
		summary->unclear = named.unclear;
	else
		summarize(arena, filters, &named, summary);
}

/* ------------------------------------------------------------------ beside a policy */

struct comparison {
	const struct device_filters *filters;
	const struct device_policy *policy;
	struct device_request *request;
	struct device_verdict *verdict;
};

static const unsigned int asked[] = {DEVICE_READ, DEVICE_WRITE, DEVICE_MKNOD,
				     DEVICE_READ | DEVICE_WRITE};
static const char types[] = {'c', 'b'};

static bool differs_in(const struct comparison *comparison, char type, long major, long minor)
{
	struct device_request *request = comparison->request;
	struct device_verdict *verdict = comparison->verdict;

	*request = (struct device_request){type, (unsigned int)major, (unsigned int)minor, 0};
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		request->access = asked[i];
		*verdict = device_filters_ask(comparison->filters, request);
		if (verdict->answer !=
		    (devices_allow(comparison->policy, type, major, minor, asked[i])
			     ? DEVICE_ALLOWED
			     : DEVICE_DENIED))
			return true;
	}
	return false;
}

static bool differs_at(const struct comparison *comparison, long major, long minor)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (differs_in(comparison, types[i], major, minor))
			return true;
	return false;
}

static bool differs_anywhere(const struct comparison *comparison, const struct named *named)
{
	for (size_t i = 0; i <= named->majors.count; i++)
		for (size_t k = 0; k <= named->minors.count; k++)
			if (differs_at(comparison, named->majors.items[i], named->minors.items[k]))
				return true;
	return false;
}

/* Each number beside one that none names, and what the policy's rules are about. */
static bool differs_somewhere(const struct comparison *comparison, const struct named *named)
{
	const long major = named->majors.items[named->majors.count];
	const long minor = named->minors.items[named->minors.count];
	const struct device_policy *policy = comparison->policy;

	for (size_t i = 0; i <= named->majors.count; i++)
		if (differs_at(comparison, named->majors.items[i], minor))
			return true;
	for (size_t i = 0; i < named->minors.count; i++)
		if (differs_at(comparison, major, named->minors.items[i]))
			return true;
	for (size_t i = 0; i < policy->count; i++)
		if (differs_at(comparison,
			       policy->rules[i].major < 0 ? major : policy->rules[i].major,
			       policy->rules[i].minor < 0 ? minor : policy->rules[i].minor))
			return true;
	return false;
}

static const struct device_filter *longest(const struct device_filters *filters)
{
	const struct device_filter *found = NULL;

	for (size_t i = 0; i < filters->count; i++)
		if (!found || filters->items[i].count > found->count)
			found = &filters->items[i];
	return found;
}

/* To ask for all of them takes every instruction for every pair, at the worst. */
static bool are_too_many(const struct comparison *comparison, const struct named *named)
{
	uint64_t steps = comparison->policy->count;

	for (size_t i = 0; i < comparison->filters->count; i++)
		steps += comparison->filters->items[i].count;
	steps *= ARRAY_SIZE(asked) * ARRAY_SIZE(types);
	return named->majors.cut || named->minors.cut ||
	       steps * (named->majors.count + 1) * (named->minors.count + 1) > STEPS_MAX;
}

bool device_filters_differ(const struct device_filters *filters, const struct device_policy *policy,
			   struct device_request *request, struct device_verdict *verdict)
{
	const struct comparison comparison = {filters, policy, request, verdict};
	cleanup_(arena_free) struct arena arena = {};
	struct named named;
	bool many;

	collect(&arena, filters, &named);
	add_rules(&named, policy->rules, policy->count);
	finish(&named.majors);
	finish(&named.minors);
	many = are_too_many(&comparison, &named);
	if (many ? differs_somewhere(&comparison, &named) : differs_anywhere(&comparison, &named))
		return true;
	*verdict = named.order;
	if (many)
		*verdict = (struct device_verdict){DEVICE_UNCLEAR, longest(filters),
						   "names too many devices to compare them all", 0};
	return verdict->filter;
}
