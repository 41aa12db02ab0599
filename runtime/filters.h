#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;
struct err;
struct filter_stack;
struct json_out;
struct oci_seccomp;
struct runtime;
struct text;

/*
 * Questions to system call filters, wherever they come from: a file, a container's config, the
 * kernel. What is made here lives in the arena.
 */

/**
 * filters_of() - the filters that a word names
 * @word: "id:ID" for a container's config, "pid:N" for what the kernel holds of a process; else a
 *	file: config.json, a bundle's folder, the object of linux.seccomp alone, a compiled filter
 * Return: 0; -EINVAL for a file that is none of these.
 */
int filters_of(const struct runtime *runtime, struct arena *arena, const char *word,
	       const struct filter_stack **filters, struct err *err);

/** filters_of_profile() - of a profile that the caller has read; @name: for people */
int filters_of_profile(struct arena *arena, const char *name, const struct oci_seccomp *seccomp,
		       const struct filter_stack **filters, struct err *err);

/** filters_of_container() - what the kernel holds of a container's first process */
int filters_of_container(const struct runtime *runtime, struct arena *arena, const char *id,
			 const struct filter_stack **filters, struct err *err);

/** struct filters_call - a question: one call of one architecture */
struct filters_call {
	const char *arch;  /* NULL: the machine's own           */
	const char *call;  /* name or number                     */
	size_t arg_count;  /* 0: whatever they are               */
	char *const *args; /* numbers: 5, 0x10                   */
};

/*
 * The answers: as lines into @text, and as members of the open object into @out, where they are not
 * NULL.
 */
int filters_explain(struct arena *arena, const struct filter_stack *filters,
		    const struct filters_call *call, struct text *text, struct json_out *out,
		    struct err *err);
void filters_describe(struct arena *arena, const struct filter_stack *filters, struct text *text,
		      struct json_out *out);

/** filters_differ() - Return: whether anything is done otherwise. */
bool filters_differ(struct arena *arena, const struct filter_stack *one,
		    const struct filter_stack *other, struct text *text, struct json_out *out);

/** filters_bytes() - filter @index of them as the kernel takes it. Return: NULL: there is none. */
const void *filters_bytes(const struct filter_stack *filters, size_t index, size_t *length);
