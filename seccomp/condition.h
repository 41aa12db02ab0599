#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seccomp_data;
struct text;

/*
 * What a filter asks of a call beside its number: comparisons of 32-bit words, as classic BPF knows
 * no others. A 64-bit argument is two of them. Pure.
 */

enum condition_op { CONDITION_EQ, CONDITION_NE, CONDITION_GT, CONDITION_LE };

/** struct condition - (word & mask) op value */
struct condition {
	uint8_t word; /* of struct seccomp_data, its offset in words of 32 bits */
	enum condition_op op;
	uint32_t mask, value;
};

/** condition_plain() - the same in the form that says most: equal where it can be said so */
struct condition condition_plain(struct condition condition);

/** condition_opposite() - what holds where @condition doesn't */
struct condition condition_opposite(struct condition condition);

/**
 * conditions_solve() - a call for which all of them hold
 * @data: its arguments and instruction pointer are written, of what no condition names to zero;
 *	on success only
 * Return: false where there is none.
 */
bool conditions_solve(const struct condition *conditions, size_t count, struct seccomp_data *data);

/**
 * conditions_text() - at most 64 of them: "arg0 == 38 and arg1 & 0x1 == 0x1": for people, both
 * halves of an argument as one where that can be said; "low(arg0)" and "high(arg0)" where not
 */
void conditions_text(const struct condition *conditions, size_t count, struct text *text);
