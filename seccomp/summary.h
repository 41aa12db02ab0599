#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct call_arch;
struct filter_stack;
struct json_out;
struct paths;
struct text;

/*
 * Filters in words: for each architecture which calls are let through and which are not, and what
 * differs between two. Lives in an arena.
 */

/** struct call_group - calls that the same is done with */
struct call_group {
	const struct call_arch *arch;
	const char *outcome; /* "ERRNO EPERM"; "ERRNO EACCES where arg1 & 0x1 == 0x1, else ALLOW" */
	const char *other;   /* of a difference: what the other filter does; NULL */
	const char *where;   /* of a difference: for these arguments; NULL: for any */
	size_t numbers;      /* how many calls of CALL_NUMBERS that are */
	size_t count, room;
	const char **calls; /* names; "335-423", "470 and above" where there is none */
};

struct summary {
	size_t count, room;
	struct call_group *groups;
};

/** summary_of() - what @stack does with every call; calls whose arguments decide come last */
void summary_of(struct arena *arena, const struct filter_stack *stack, struct summary *summary);

/** summary_differences() - the calls that @one and @other do not do the same with */
void summary_differences(struct arena *arena, const struct filter_stack *one,
			 const struct filter_stack *other, struct summary *summary);

/** outcome_text() - all that can be done with one call, as in struct call_group */
void outcome_text(const struct paths *paths, uint32_t fallback, struct text *text);

/** outcome_fallback() - what @stack does with a call that nobody knows */
uint32_t outcome_fallback(const struct filter_stack *stack, const struct call_arch *arch);

/** summary_text() - a line for each group, by architecture, the unconditional ones first;
 * summary_write() - an array of objects, as member @name of the open one. */
void summary_text(const struct summary *summary, struct text *text);
void summary_write(const struct summary *summary, struct json_out *out, const char *name);
