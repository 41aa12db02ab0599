#include "debug/isolation.h"

#include "seccomp/calls.h"
#include "seccomp/stack.h"
#include "seccomp/summary.h"

/* System call filters, read back from the kernel and told by call. */

static size_t own_groups(const struct summary *summary)
{
	size_t count = 0;

	for (size_t i = 0; i < summary->count; i++)
		count += summary->groups[i].arch == call_arches();
	return count;
}

void isolation_look_filters(struct isolation *isolation)
{
	struct arena *arena = &isolation->arena;
	struct filter_stack stack;
	struct summary summary;
	int r;

	if (isolation->creds.seccomp_mode != 2)
		return;
	r = stack_fetch(arena, isolation->pid, &stack, NULL);
	if (r < 0) {
		isolation_unseen(isolation, "its system call filters", r);
		return;
	}
	summary_of(arena, &stack, &summary);
	isolation->calls = arena_array(arena, own_groups(&summary) + 1, sizeof(*isolation->calls));
	for (size_t i = 0; i < summary.count; i++)
		if (summary.groups[i].arch == call_arches())
			isolation->calls[isolation->calls_count++] = (struct isolation_calls){
				.outcome = summary.groups[i].outcome,
				.count = summary.groups[i].count,
				.names = summary.groups[i].calls,
			};
}
