#include "seccomp/shrink.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "seccomp/filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

/*
 * What a filter does with a call is a function of its architecture and number until it looks at
 * something else. So the old program is followed once for each range of numbers that it could tell
 * apart (its constants are the borders), up to a RET or to the first load of something else, its
 * "end"; ranges with the same end are joined.
 *
 * The new one is written from its last instruction to its first: jumps only go forwards, so where
 * they lead is known by then. A position counts from the end, 1 being the last instruction.
 */

enum { REACH = 255 /* of a conditional jump */, ARCHES_MAX = 32 };

#define LOAD   (BPF_LD | BPF_W | BPF_ABS)
#define NUMBER offsetof(struct seccomp_data, nr)
#define ARCH   offsetof(struct seccomp_data, arch)

struct range {
	uint32_t first; /* up to the next one's */
	size_t end;     /* an instruction of the old program */
};

struct shrinking {
	const struct program *old;
	uint32_t *borders; /* sorted */
	size_t border_count;
	struct range *ranges;
	size_t *place; /* of each old instruction in the new program; 0: not there */
	struct sock_filter *insns;
	size_t room, count; /* the new program is the last @count of @insns */
};

/* ------------------------------------------------------------------ following the old program */

static bool compare(const struct sock_filter *insn, uint32_t a, bool *yes)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JA:
		*yes = false;
		return true;
	case BPF_JEQ:
		*yes = a == insn->k;
		return true;
	case BPF_JGT:
		*yes = a > insn->k;
		return true;
	case BPF_JGE:
		*yes = a >= insn->k;
		return true;
	default:
		return false;
	}
}

static size_t follow_jump(const struct sock_filter *insn, size_t at, bool yes)
{
	if (BPF_OP(insn->code) == BPF_JA)
		return at + 1 + insn->k;
	return at + 1 + (yes ? insn->jt : insn->jf);
}

/* Return: the end of a call; -1: the program does what is not understood. */
static long end_of(const struct program *old, uint32_t arch, uint32_t number)
{
	uint32_t a = 0;
	size_t at = 0;
	bool yes;

	while (at < old->count) {
		const struct sock_filter *insn = &old->insns[at];

		if (insn->code == (BPF_RET | BPF_K))
			return (long)at;
		if (insn->code == LOAD && insn->k != NUMBER && insn->k != ARCH)
			return (long)at;
		if (insn->code == LOAD) {
			a = insn->k == ARCH ? arch : number;
			at++;
		} else if (BPF_CLASS(insn->code) == BPF_JMP && BPF_SRC(insn->code) == BPF_K &&
			   compare(insn, a, &yes)) {
			at = follow_jump(insn, at, yes);
		} else {
			return -1;
		}
	}
	return -1;
}

/* Ends are one where they do the same. */
static bool same_end(const struct program *old, size_t one, size_t other)
{
	const struct sock_filter *a = &old->insns[one], *b = &old->insns[other];

	return one == other || (a->code == (BPF_RET | BPF_K) && b->code == a->code && b->k == a->k);
}

/* ------------------------------------------------------------------ borders and ranges */

static int by_value(const void *a, const void *b)
{
	const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

/* Where a comparison with a constant can begin to come out differently. */
static void find_borders(struct arena *arena, struct shrinking *s)
{
	size_t n = 0, kept = 1;

	s->borders = arena_array(arena, 2 * s->old->count + 1, sizeof(*s->borders));
	s->borders[n++] = 0;
	for (size_t i = 0; i < s->old->count; i++) {
		const struct sock_filter *insn = &s->old->insns[i];

		if (BPF_CLASS(insn->code) != BPF_JMP || BPF_OP(insn->code) == BPF_JA)
			continue;
		s->borders[n++] = insn->k;
		if (insn->k < UINT32_MAX)
			s->borders[n++] = insn->k + 1;
	}
	qsort(s->borders, n, sizeof(*s->borders), by_value);
	for (size_t i = 1; i < n; i++)
		if (s->borders[i] != s->borders[kept - 1])
			s->borders[kept++] = s->borders[i];
	s->border_count = kept;
}

/* Return: how many ranges; 0: not understood. */
static size_t find_ranges(struct shrinking *s, uint32_t arch)
{
	size_t n = 0;

	for (size_t i = 0; i < s->border_count; i++) {
		long end = end_of(s->old, arch, s->borders[i]);

		if (end < 0)
			return 0;
		if (n == 0 || !same_end(s->old, s->ranges[n - 1].end, (size_t)end))
			s->ranges[n++] = (struct range){s->borders[i], (size_t)end};
	}
	return n;
}

/*
 * The architectures that the program compares with, on the way that all others take to its answer
 * for them. Return: how many; 0: not understood.
 */
static size_t find_arches(const struct program *old, uint32_t *arches)
{
	size_t n = 0, at = 0;

	while (at < old->count && old->insns[at].code != (BPF_RET | BPF_K)) {
		const struct sock_filter *insn = &old->insns[at];

		if (insn->code == (BPF_JMP | BPF_JEQ | BPF_K) && n < ARCHES_MAX)
			arches[n++] = insn->k; /* twice does no harm */
		else if (insn->code != (BPF_JMP | BPF_JA) &&
			 (insn->code != LOAD || insn->k != ARCH))
			return 0;
		at = insn->code == LOAD ? at + 1 : follow_jump(insn, at, false);
	}
	return n;
}

/* A value that is none of them. */
static uint32_t other_arch(const uint32_t *arches, size_t n)
{
	uint32_t other = 0;

	for (size_t i = 0; i < n;)
		if (arches[i++] == other) {
			other++;
			i = 0;
		}
	return other;
}

/* ------------------------------------------------------------------ writing the new one */

static size_t emit(struct shrinking *s, unsigned int code, size_t yes, size_t no, uint32_t k)
{
	if (s->count < s->room) /* one that gets longer is not wanted */
		s->insns[s->room - ++s->count] =
			(struct sock_filter){(__u16)code, (__u8)yes, (__u8)no, k};
	return s->count;
}

/* Return: @place, or that of a jump to it which two more instructions can still reach. */
static size_t near(struct shrinking *s, size_t place)
{
	return s->count + 1 - place <= REACH - 1
		       ? place
		       : emit(s, BPF_JMP | BPF_JA, 0, 0, (uint32_t)(s->count - place));
}

static size_t branch(struct shrinking *s, unsigned int op, uint32_t k, size_t yes, size_t no)
{
	yes = near(s, yes);
	no = near(s, no);
	return emit(s, BPF_JMP | op | BPF_K, s->count - yes, s->count - no, k);
}

/* Everything that can be reached from the old @at, in the old order. */
static void mark(struct shrinking *s, size_t at)
{
	const struct sock_filter *insn = &s->old->insns[at];

	if (at >= s->old->count || s->place[at])
		return;
	s->place[at] = SIZE_MAX;
	if (BPF_CLASS(insn->code) == BPF_RET)
		return;
	if (BPF_CLASS(insn->code) != BPF_JMP) {
		mark(s, at + 1);
		return;
	}
	mark(s, follow_jump(insn, at, true));
	mark(s, follow_jump(insn, at, false));
}

static void copy_marked(struct shrinking *s)
{
	for (size_t at = s->old->count; at-- > 0;) {
		const struct sock_filter *insn = &s->old->insns[at];
		size_t yes, no;

		if (!s->place[at])
			continue;
		if (BPF_CLASS(insn->code) != BPF_JMP) {
			s->place[at] = emit(s, insn->code, 0, 0, insn->k);
			continue;
		}
		yes = s->place[follow_jump(insn, at, true)];
		no = s->place[follow_jump(insn, at, false)];
		if (BPF_OP(insn->code) == BPF_JA)
			s->place[at] = emit(s, insn->code, 0, 0, (uint32_t)(s->count - yes));
		else
			s->place[at] = emit(s, insn->code, s->count - yes, s->count - no, insn->k);
	}
}

/* Of the ranges from @low to @high. Return: the place of the tree's root. */
static size_t tree(struct shrinking *s, size_t low, size_t high)
{
	const size_t middle = low + (high - low + 1) / 2;
	size_t below, from;

	if (low == high)
		return s->place[s->ranges[low].end];
	from = tree(s, middle, high);
	below = tree(s, low, middle - 1);
	return branch(s, BPF_JGE, s->ranges[middle].first, from, below);
}

/* Equal RETs of the old program become one. */
static void mark_end(struct shrinking *s, size_t *end)
{
	for (size_t at = 0; at < s->old->count; at++)
		if (s->place[at] && same_end(s->old, at, *end)) {
			*end = at;
			return;
		}
	mark(s, *end);
}

static bool mark_arch(struct shrinking *s, uint32_t arch)
{
	size_t n = find_ranges(s, arch);

	for (size_t i = 0; i < n; i++)
		mark_end(s, &s->ranges[i].end);
	return n > 0;
}

/* Return: the place of the first instruction for an architecture, all of whose ends are there. */
static size_t write_arch(struct shrinking *s, uint32_t arch)
{
	size_t n = find_ranges(s, arch);

	for (size_t i = 0; i < n; i++)
		mark_end(s, &s->ranges[i].end);
	if (n == 1)
		return s->place[s->ranges[0].end];
	(void)tree(s, 0, n - 1);
	return emit(s, LOAD, 0, 0, NUMBER);
}

static void write_program(struct shrinking *s, const uint32_t *arches, size_t n)
{
	size_t next;

	copy_marked(s);
	next = write_arch(s, other_arch(arches, n));
	for (size_t i = n; i-- > 0;) {
		size_t own = write_arch(s, arches[i]);

		next = branch(s, BPF_JEQ, arches[i], own, next);
	}
	(void)emit(s, LOAD, 0, 0, ARCH);
}

void shrink(struct arena *arena, struct program *program)
{
	struct shrinking s = {.old = program, .room = program->count};
	uint32_t arches[ARCHES_MAX];
	size_t n = find_arches(program, arches);
	bool understood = n > 0;

	find_borders(arena, &s);
	s.ranges = arena_array(arena, s.border_count, sizeof(*s.ranges));
	s.place = arena_array(arena, program->count, sizeof(*s.place));
	s.insns = arena_array(arena, program->count, sizeof(*s.insns));
	for (size_t i = 0; understood && i < n; i++)
		understood = mark_arch(&s, arches[i]);
	if (!understood || !mark_arch(&s, other_arch(arches, n)))
		return;
	write_program(&s, arches, n);
	if (s.count == s.room)
		return;
	program->insns = s.insns + s.room - s.count;
	program->count = s.count;
}
