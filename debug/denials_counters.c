#include "debug/denials_parts.h"

#include "cgroup/values.h"
#include "lib/arena.h"

/* What counts as a denial, and which limit does it: cgroup-v2.rst. */
static const struct {
	const char *file, *counter, *limit, *what;
} kinds[] = {
	{"memory.events", "oom_kill", "memory.max", "killed for memory"},
	{"memory.events", "oom", "memory.max", "no memory was to be had"},
	{"memory.swap.events", "fail", "memory.swap.max", "no swap was to be had"},
	{"pids.events", "max", "pids.max", "no further process: fork, clone"},
	{"hugetlb.2MB.events", "max", "hugetlb.2MB.max", "no huge page of 2 MiB"},
	{"misc.events", "max", "misc.max", "no further scalar resource"},
};

static void name_limit(const struct suspect *suspect, struct arena *arena, const char *limit,
		       struct denial *denial)
{
	const struct origin *origin = suspect_origin(suspect, "cgroup.limit", limit);

	denial->rule =
		origin ? origin->text
		       : arena_printf(arena, "%s of this or another level of its cgroup's path",
				      limit);
	denial->origin = origin ? origin->from : "";
}

void counters_read(int cgroup_fd, const struct suspect *suspect, struct counters *counters,
		   struct collection *collection)
{
	cleanup_(arena_free) struct arena arena = {};

	_Static_assert(ARRAY_SIZE(kinds) <= ARRAY_SIZE(counters->seen), "room for all");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct opt_u64 now = cgroup_named(
			cgroup_text(&arena, cgroup_fd, kinds[i].file), kinds[i].counter);
		struct denial denial = {.layer = "cgroup", .what = kinds[i].what, .program = ""};

		name_limit(suspect, &arena, kinds[i].limit, &denial);
		if (now.set && now.value > counters->seen[i])
			collection_add(collection, &denial, now.value - counters->seen[i]);
		if (now.set)
			counters->seen[i] = now.value;
	}
}
