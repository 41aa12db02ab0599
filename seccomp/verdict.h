#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct call_arch;
struct filter_stack;
struct json_out;
struct text;

/* What filters do with one call, and by which rule. */

enum { VERDICT_ARGS = 6 };

struct verdict {
	const struct call_arch *arch;
	const char *call; /* its name, else its number */
	uint32_t number;
	size_t args; /* how many were given; the others are 0 */
	uint64_t arg[VERDICT_ARGS];
	uint32_t action;    /* SECCOMP_RET_*, by running the programs         */
	size_t filter;      /* which of them says so                           */
	size_t filters;     /* of how many                                     */
	const char *why;    /* "rule on umount2 where arg1 & 0x1 == 0x1"       */
	const char *origin; /* of that rule; NULL: the programs' rules aren't known */
};

/** verdict_of() - of a call with these arguments: @verdict has arch, number and arguments */
void verdict_of(struct arena *arena, const struct filter_stack *stack, struct verdict *verdict);

/** verdict_text() - one line without its end */
void verdict_text(const struct verdict *verdict, struct text *text);

/** verdict_write() - as members of the open object */
void verdict_write(const struct verdict *verdict, struct json_out *out);

/** verdict_any() - what can become of a call with any arguments, and the rules on it, or the
 * default where there are none: lines */
void verdict_any(struct arena *arena, const struct filter_stack *stack,
		 const struct verdict *verdict, struct text *text);

/** verdict_any_write() - the same as members of the open object */
void verdict_any_write(struct arena *arena, const struct filter_stack *stack,
		       const struct verdict *verdict, struct json_out *out);
