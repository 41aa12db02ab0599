#include "seccomp/paths.h"

#include "lib/arena.h"
#include "lib/bpf.h"
#include "lib/own.h"
#include "seccomp/filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>

/*
 * The program is followed with what is known of a call. A jump on something known goes one way; one
 * on a word that isn't goes both ways where that is possible, and each goes on with what it knows
 * by then. Ways that aren't at their end yet wait in a stack.
 */

enum { WORDS = sizeof(struct seccomp_data) / sizeof(uint32_t) };

/* struct value - a number, or a word of the call that nobody knows, behind a mask */
struct value {
	bool unknown;
	uint8_t word;
	uint32_t number; /* or the mask */
};

struct way {
	size_t at;
	struct value accumulator, index, memory[BPF_MEMWORDS];
	struct path path;
};

struct follower {
	const struct program *program;
	struct value words[WORDS];            /* of the call */
	struct way ways[PATH_CONDITIONS + 1]; /* each way splits at most so often */
	size_t waiting;
};

/* Return: false where it loads from nowhere. */
static bool load(const struct follower *f, const struct way *way, const struct sock_filter *insn,
		 struct value *to)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_LEN:
		*to = (struct value){.number = sizeof(struct seccomp_data)};
		return true;
	case BPF_IMM:
		*to = (struct value){.number = insn->k};
		return true;
	case BPF_MEM:
		if (insn->k >= BPF_MEMWORDS)
			return false;
		*to = way->memory[insn->k];
		return true;
	case BPF_ABS: /* a whole word of the call */
		if (insn->k % sizeof(uint32_t) != 0 || insn->k / sizeof(uint32_t) >= WORDS)
			return false;
		*to = f->words[insn->k / sizeof(uint32_t)];
		return true;
	default:
		return false;
	}
}

static struct value operand_of(const struct way *way, const struct sock_filter *insn)
{
	return BPF_SRC(insn->code) == BPF_X ? way->index : (struct value){.number = insn->k};
}

/* Of what isn't known only AND leaves something that can be told. */
static bool calculate(struct way *way, const struct sock_filter *insn)
{
	const uint16_t operation = BPF_OP(insn->code);
	struct value operand = operand_of(way, insn), *a = &way->accumulator;

	if (operation > BPF_XOR || operation == BPF_MOD)
		return false;
	if (!a->unknown && !operand.unknown) {
		a->number = (uint32_t)bpf_calculate(operation, false, a->number, operand.number);
		return operation != BPF_DIV || operand.number;
	}
	if (operation != BPF_AND || (a->unknown && operand.unknown))
		return false;
	operand.number &= a->number;
	if (a->unknown)
		operand.word = a->word;
	operand.unknown = true;
	*a = operand;
	return true;
}

/* Return: false where it is always true or never: @always says which. */
static bool condition_of(const struct value *a, uint16_t operation, uint32_t k,
			 struct condition *condition, bool *always)
{
	*condition = (struct condition){.word = a->word, .mask = a->number, .value = k};
	*always = operation == BPF_JGE && k == 0;
	switch (operation) {
	case BPF_JEQ:
		condition->op = CONDITION_EQ;
		break;
	case BPF_JGE:
		condition->value = k - 1;
		condition->op = CONDITION_GT;
		break;
	case BPF_JGT:
		condition->op = CONDITION_GT;
		break;
	default: /* BPF_JSET: any bit of several */
		condition->mask &= k;
		condition->value = 0;
		condition->op = CONDITION_NE;
	}
	*condition = condition_plain(*condition);
	return !*always;
}

static bool same(const struct condition *a, const struct condition *b)
{
	return a->word == b->word && a->op == b->op && a->mask == b->mask && a->value == b->value;
}

/* Return: false where there is no room for it. */
static bool add_condition(struct path *path, const struct condition *condition)
{
	for (size_t i = 0; i < path->count; i++)
		if (same(&path->conditions[i], condition))
			return true;
	if (path->count == PATH_CONDITIONS)
		return false;
	path->conditions[path->count++] = *condition;
	return true;
}

static bool possible(const struct path *path)
{
	struct seccomp_data data = {};

	return conditions_solve(path->conditions, path->count, &data);
}

/* Both ways: the one where it holds waits, @way goes on where it doesn't. */
static bool split(struct follower *f, struct way *way, const struct sock_filter *insn,
		  const struct condition *condition)
{
	const struct condition opposite = condition_opposite(*condition);
	struct way yes = *way, no = *way;
	bool may_be, may_not_be;

	if (!add_condition(&yes.path, condition) || !add_condition(&no.path, &opposite))
		return false;
	may_be = possible(&yes.path);
	may_not_be = possible(&no.path);
	yes.at += insn->jt;
	no.at += insn->jf;
	/* What is so anyway is no condition. */
	if (!may_be || !may_not_be) {
		way->at = may_be ? yes.at : no.at;
		return true;
	}
	if (f->waiting == ARRAY_SIZE(f->ways))
		return false;
	f->ways[f->waiting++] = yes;
	*way = no;
	return true;
}

static bool jump(struct follower *f, struct way *way, const struct sock_filter *insn)
{
	const struct value operand = operand_of(way, insn);
	struct condition condition;
	bool yes;

	if (BPF_OP(insn->code) == BPF_JA) {
		way->at += insn->k;
		return true;
	}
	if (operand.unknown || BPF_OP(insn->code) > BPF_JSET)
		return false;
	if (!way->accumulator.unknown)
		yes = bpf_compare(BPF_OP(insn->code), false, way->accumulator.number,
				  operand.number);
	else if (condition_of(&way->accumulator, BPF_OP(insn->code), operand.number, &condition,
			      &yes))
		return split(f, way, insn, &condition);
	way->at += yes ? insn->jt : insn->jf;
	return true;
}

static bool execute(struct follower *f, struct way *way, const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		return load(f, way, insn, &way->accumulator);
	case BPF_LDX:
		return load(f, way, insn, &way->index);
	case BPF_ST:
	case BPF_STX:
		if (insn->k < BPF_MEMWORDS)
			way->memory[insn->k] =
				BPF_CLASS(insn->code) == BPF_ST ? way->accumulator : way->index;
		return insn->k < BPF_MEMWORDS;
	case BPF_ALU:
		return calculate(way, insn);
	case BPF_JMP:
		return jump(f, way, insn);
	default:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			way->index = way->accumulator;
		else
			way->accumulator = way->index;
		return true;
	}
}

/* Return: false for a way whose end can't be found. */
static bool finish(struct follower *f, struct way *way)
{
	while (way->at < f->program->count) {
		const struct sock_filter *insn = &f->program->insns[way->at++];

		if (BPF_CLASS(insn->code) == BPF_RET) {
			way->path.action = insn->k;
			if (BPF_RVAL(insn->code) == BPF_A)
				way->path.action = way->accumulator.number;
			return BPF_RVAL(insn->code) != BPF_A || !way->accumulator.unknown;
		}
		if (!execute(f, way, insn))
			return false;
	}
	return false;
}

static void push(struct arena *arena, struct paths *paths, const struct path *path)
{
	if (paths->count == PATHS_MAX) {
		paths->cut = true;
		return;
	}
	if (paths->count == paths->room) {
		struct path *larger;

		paths->room = paths->room ? 4 * paths->room : 2;
		larger = arena_array(arena, paths->room, sizeof(*larger));
		if (paths->count)
			memcpy(larger, paths->items, paths->count * sizeof(*larger));
		paths->items = larger;
	}
	paths->items[paths->count++] = *path;
}

void paths_find(struct arena *arena, const struct program *program, uint32_t arch, uint32_t number,
		struct paths *paths)
{
	struct follower f = {.program = program, .waiting = 1};

	for (size_t i = 0; i < WORDS; i++)
		f.words[i] = (struct value){true, (uint8_t)i, UINT32_MAX};
	f.words[offsetof(struct seccomp_data, nr) / sizeof(uint32_t)] =
		(struct value){.number = number};
	f.words[offsetof(struct seccomp_data, arch) / sizeof(uint32_t)] =
		(struct value){.number = arch};
	*paths = (struct paths){};
	while (f.waiting && !paths->cut) {
		struct way way = f.ways[--f.waiting];

		if (finish(&f, &way))
			push(arena, paths, &way.path);
		else
			paths->cut = true;
	}
}

uint32_t program_run(const struct program *program, const struct seccomp_data *data)
{
	struct follower f = {.program = program};
	uint32_t words[WORDS];
	struct way way = {};

	memcpy(words, data, sizeof(words));
	for (size_t i = 0; i < WORDS; i++)
		f.words[i].number = words[i];
	return finish(&f, &way) ? way.path.action : SECCOMP_RET_KILL_THREAD;
}

bool action_stronger(uint32_t one, uint32_t other)
{
	return (int32_t)(one & SECCOMP_RET_ACTION_FULL) <
	       (int32_t)(other & SECCOMP_RET_ACTION_FULL);
}

bool path_both(const struct path *one, const struct path *other, struct path *both)
{
	*both = *one;
	for (size_t i = 0; i < other->count; i++)
		if (!add_condition(both, &other->conditions[i]))
			return false;
	return possible(both);
}

void paths_join(struct arena *arena, const struct paths *one, const struct paths *other,
		struct paths *joined)
{
	struct path both;

	*joined = (struct paths){.cut = one->cut || other->cut};
	for (size_t i = 0; i < one->count; i++)
		for (size_t k = 0; k < other->count; k++)
			if (path_both(&one->items[i], &other->items[k], &both)) {
				if (action_stronger(other->items[k].action, both.action))
					both.action = other->items[k].action;
				push(arena, joined, &both);
			}
}
