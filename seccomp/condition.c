#include "seccomp/condition.h"

#include "lib/own.h"
#include "lib/text.h"

#include <endian.h>
#include <linux/seccomp.h>
#include <string.h>

enum {
	WORDS = sizeof(struct seccomp_data) / sizeof(uint32_t),
	ARGS = 6,
	TRIES = 64,
	TOLD_MAX = 64
};

#define WORD(member) (offsetof(struct seccomp_data, member) / sizeof(uint32_t))

struct condition condition_plain(struct condition condition)
{
	uint32_t mask = condition.mask;

	if (condition.op == CONDITION_LE && condition.value == 0)
		condition.op = CONDITION_EQ;
	if (condition.op == CONDITION_GT && condition.value == 0)
		condition.op = CONDITION_NE;
	/* Of one bit, not to be this is to be the other. */
	if (condition.op == CONDITION_NE && mask && (mask & (mask - 1)) == 0) {
		condition.op = CONDITION_EQ;
		condition.value ^= mask;
	}
	return condition;
}

struct condition condition_opposite(struct condition condition)
{
	static const enum condition_op opposites[] = {
		[CONDITION_EQ] = CONDITION_NE,
		[CONDITION_NE] = CONDITION_EQ,
		[CONDITION_GT] = CONDITION_LE,
		[CONDITION_LE] = CONDITION_GT,
	};

	condition.op = opposites[condition.op];
	return condition_plain(condition);
}

static bool holds(const struct condition *condition, uint32_t word)
{
	uint32_t masked = word & condition->mask;

	switch (condition->op) {
	case CONDITION_EQ:
		return masked == condition->value;
	case CONDITION_NE:
		return masked != condition->value;
	case CONDITION_GT:
		return masked > condition->value;
	case CONDITION_LE:
		return masked <= condition->value;
	}
	return false;
}

/* ------------------------------------------------------------------ solving, word by word */

/* struct search - the values of one word that are worth a try: from @from on, with @bits where
 * @known is set */
struct search {
	const struct condition *conditions;
	size_t count;
	uint8_t word;
	uint32_t known, bits, from;
};

static bool all_hold(const struct search *search, uint32_t value)
{
	for (size_t i = 0; i < search->count; i++)
		if (search->conditions[i].word == search->word &&
		    !holds(&search->conditions[i], value))
			return false;
	return true;
}

/* Return: false for bits that would have to be two things. */
static bool narrow(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		const struct condition *c = &search->conditions[i];

		if (c->word != search->word)
			continue;
		if (c->op == CONDITION_EQ) {
			if ((c->value & ~c->mask) ||
			    ((c->value ^ search->bits) & c->mask & search->known))
				return false;
			search->known |= c->mask;
			search->bits |= c->value;
		} else if (c->op == CONDITION_GT && c->value < UINT32_MAX &&
			   c->value >= search->from) {
			search->from = c->value + 1;
		}
	}
	return true;
}

/* The least value from @from on that has the known bits. Return: false where there is none. */
static bool next_value(const struct search *search, uint32_t from, uint32_t *value)
{
	if ((from & search->known) == search->bits) {
		*value = from;
		return true;
	}
	for (int bit = 0; bit < 32; bit++) {
		uint32_t one = 1U << bit, above = ~(one | (one - 1));

		/* As @from above @bit, more than it there, and as little as can be below. */
		if (from & one || ((search->known & one) && !(search->bits & one)) ||
		    ((from ^ search->bits) & search->known & above))
			continue;
		*value = (from & above) | one | (search->bits & (one - 1));
		return true;
	}
	return false;
}

/* What some masks want to have set, above the least values. */
static bool solve_masks(const struct search *search, uint32_t *value)
{
	uint32_t least = 0, wanted;

	if (!next_value(search, search->from, &least))
		return false;
	wanted = least;
	for (size_t i = 0; i < search->count; i++) {
		const struct condition *c = &search->conditions[i];

		if (c->word != search->word || c->op != CONDITION_NE || c->mask == UINT32_MAX)
			continue;
		*value = least | (c->mask & ~search->known);
		if (all_hold(search, *value))
			return true;
		wanted |= c->mask & -c->mask & ~search->known;
	}
	*value = wanted;
	return all_hold(search, wanted);
}

static bool solve_word(struct search *search, uint32_t *value)
{
	uint32_t from;

	if (!narrow(search))
		return false;
	from = search->from;
	for (int i = 0; i < TRIES && next_value(search, from, value); i++) {
		if (all_hold(search, *value))
			return true;
		if (*value == UINT32_MAX)
			break;
		from = *value + 1;
	}
	*value = search->bits | ~search->known;
	return all_hold(search, *value) || solve_masks(search, value);
}

bool conditions_solve(const struct condition *conditions, size_t count, struct seccomp_data *data)
{
	uint32_t words[WORDS] = {};

	for (size_t word = WORD(instruction_pointer); word < WORDS; word++) {
		struct search search = {
			.conditions = conditions, .count = count, .word = (uint8_t)word};

		if (!solve_word(&search, &words[word]))
			return false;
	}
	words[WORD(nr)] = (uint32_t)data->nr;
	words[WORD(arch)] = data->arch;
	memcpy(data, words, sizeof(*data));
	return true;
}

/* ------------------------------------------------------------------ for people */

/* What follows from the others isn't told: @kept are those that have to be. */
static size_t needed(const struct condition *conditions, size_t count, struct condition *kept)
{
	size_t left = count;

	memcpy(kept, conditions, count * sizeof(*kept));
	for (size_t i = 0; i < left;) {
		const struct condition this = kept[i];
		struct seccomp_data data = {};

		kept[i] = condition_opposite(this);
		if (conditions_solve(kept, left, &data)) {
			kept[i++] = this;
			continue;
		}
		memmove(&kept[i], &kept[i + 1], (--left - i) * sizeof(*kept));
	}
	return left;
}

/* struct argument - what is asked of its two halves */
struct argument {
	const char *name;
	const struct condition *low[TOLD_MAX], *high[TOLD_MAX];
	size_t lows, highs;
};

static bool is_low(uint8_t word)
{
	return (word % 2 == 0) == (__BYTE_ORDER == __LITTLE_ENDIAN);
}

static void collect(const struct condition *conditions, size_t count, size_t argument,
		    struct argument *into)
{
	for (size_t i = 0; i < count; i++) {
		const struct condition *c = &conditions[i];

		if ((c->word - WORD(instruction_pointer)) / 2 != argument)
			continue;
		if (is_low(c->word))
			into->low[into->lows++] = c;
		else
			into->high[into->highs++] = c;
	}
}

static void add_number(struct text *text, uint64_t number)
{
	text_addf(text, number < 1024 ? "%lu" : "0x%lx", number);
}

static void add_condition(struct text *text, const char *name, enum condition_op op, uint64_t mask,
			  uint64_t value, uint64_t all)
{
	static const char *const signs[] = {[CONDITION_EQ] = "==",
					    [CONDITION_NE] = "!=",
					    [CONDITION_GT] = ">",
					    [CONDITION_LE] = "<="};

	text_add(text, name);
	if (mask == all) {
		text_addf(text, " %s ", signs[op]);
		add_number(text, value);
	} else {
		text_addf(text, " & 0x%lx %s 0x%lx", mask, signs[op], value);
	}
}

/* Bits of the low half are bits of the whole. */
static bool is_bits(const struct condition *condition)
{
	return condition->mask != UINT32_MAX &&
	       (condition->op == CONDITION_EQ || condition->op == CONDITION_NE);
}

static void add_half(struct text *text, const char *half, const char *name,
		     const struct condition *const *conditions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool whole = is_low(conditions[i]->word) && is_bits(conditions[i]);
		cleanup_(text_free) struct text word = {};

		if (whole)
			text_add(&word, name);
		else
			text_addf(&word, "%s(%s)", half, name);
		text_add(text, text->length ? " and " : "");
		add_condition(text, text_str(&word), conditions[i]->op, conditions[i]->mask,
			      conditions[i]->value, UINT32_MAX);
	}
}

/* Both halves as one number: where the high one is exactly something, a comparison of the low one
 * is one of the whole; where both are equal behind masks, so is the whole. */
static bool add_whole(struct text *text, const struct argument *argument)
{
	const struct condition *high = argument->highs == 1 ? argument->high[0] : NULL;
	uint64_t above;

	if (!high || high->op != CONDITION_EQ || argument->lows == 0)
		return false;
	for (size_t i = 0; i < argument->lows; i++)
		if (high->mask != UINT32_MAX && argument->low[i]->op != CONDITION_EQ)
			return false;
	above = (uint64_t)high->value << 32;
	for (size_t i = 0; i < argument->lows; i++) {
		const struct condition *low = argument->low[i];

		text_add(text, text->length ? " and " : "");
		add_condition(text, argument->name, low->op, (uint64_t)high->mask << 32 | low->mask,
			      above | low->value, UINT64_MAX);
	}
	return true;
}

void conditions_text(const struct condition *conditions, size_t count, struct text *text)
{
	static const char *const names[ARGS + 1] = {"ip",   "arg0", "arg1", "arg2",
						    "arg3", "arg4", "arg5"};
	cleanup_(text_free) struct text all = {};
	struct condition kept[TOLD_MAX];

	count = needed(conditions, count < TOLD_MAX ? count : TOLD_MAX, kept);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct argument argument = {.name = names[i]};

		collect(kept, count, i, &argument);
		if (add_whole(&all, &argument))
			continue;
		add_half(&all, "high", argument.name, argument.high, argument.highs);
		add_half(&all, "low", argument.name, argument.low, argument.lows);
	}
	text_add(text, text_str(&all));
}
