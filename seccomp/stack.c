#include "seccomp/stack.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/plan.h"
#include "seccomp/calls.h"
#include "seccomp/filter.h"
#include "seccomp/paths.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>

int stack_of_profile(struct arena *arena, const struct oci_seccomp *seccomp,
		     struct filter_stack *stack, struct err *err)
{
	struct profile *profile = arena_alloc(arena, sizeof(*profile));
	struct program *program = arena_alloc(arena, sizeof(*program));
	int r;

	r = profile_make(arena, seccomp, profile, err);
	if (r == 0)
		r = filter_compile(arena, profile, program, err);
	if (r < 0) {
		err_add(err, "%s", stack->name);
		return r;
	}
	stack->profile = profile;
	stack->programs = program;
	stack->count = 1;
	return 0;
}

/* What program_run() relies on: the kernel checks more, and nobody gets past it with less. */
static bool is_valid(const struct sock_filter *insns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t left = count - i - 1;

		if (BPF_CLASS(insns[i].code) != BPF_JMP)
			continue;
		if (BPF_OP(insns[i].code) == BPF_JA ? insns[i].k >= left
						    : insns[i].jt >= left || insns[i].jf >= left)
			return false;
	}
	return count && count <= BPF_MAXINSNS && BPF_CLASS(insns[count - 1].code) == BPF_RET;
}

int stack_of_program(struct arena *arena, const char *bytes, size_t length,
		     struct filter_stack *stack, struct err *err)
{
	struct program *program = arena_alloc(arena, sizeof(*program));

	program->count = length / sizeof(*program->insns);
	program->insns = arena_array(arena, program->count + 1, sizeof(*program->insns));
	memcpy(program->insns, bytes, program->count * sizeof(*program->insns));
	if (length % sizeof(*program->insns) || !is_valid(program->insns, program->count))
		return err_plain(err, -EINVAL, "%s: is neither a profile nor a compiled filter",
				 stack->name);
	stack->programs = program;
	stack->count = 1;
	return 0;
}

bool stack_same(const struct filter_stack *one, const struct filter_stack *other)
{
	bool same = one->count == other->count;

	for (size_t i = 0; same && i < one->count; i++)
		same = one->programs[i].count == other->programs[i].count &&
		       memcmp(one->programs[i].insns, other->programs[i].insns,
			      one->programs[i].count * sizeof(*one->programs[i].insns)) == 0;
	return same;
}

/* Of equal actions the newest filter's number is taken: it is asked first. */
uint32_t stack_run(const struct filter_stack *stack, const struct seccomp_data *data, size_t *which)
{
	uint32_t action = SECCOMP_RET_ALLOW;
	size_t says = stack->count;

	for (size_t i = stack->count; i-- > 0;) {
		uint32_t found = program_run(&stack->programs[i], data);

		if (says == stack->count || action_stronger(found, action)) {
			action = found;
			says = i;
		}
	}
	if (which)
		*which = says;
	return action;
}

void stack_paths(struct arena *arena, const struct filter_stack *stack,
		 const struct call_arch *arch, uint32_t number, struct paths *paths)
{
	static struct path allowed = {.action = SECCOMP_RET_ALLOW};

	*paths = (struct paths){.count = 1, .items = &allowed};
	for (size_t i = stack->count; i-- > 0;) {
		struct paths all = *paths, one;

		paths_find(arena, &stack->programs[i], arch->audit, number, &one);
		if (i + 1 == stack->count)
			*paths = one;
		else
			paths_join(arena, &all, &one, paths);
	}
}

const char *stack_origin(struct arena *arena, const struct filter_stack *stack, const char *path)
{
	cleanup_(plan_free) struct plan plan = {.origins = stack->origins};

	if (stack->origins)
		return arena_strdup(arena, plan_origin(&plan, "%s%s", stack->prefix, path));
	return arena_printf(arena, "%s%s in %s", stack->prefix, path, stack->name);
}
