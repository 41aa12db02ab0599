#include "seccomp/summary.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "lib/text.h"
#include "seccomp/calls.h"
#include "seccomp/explain.h"
#include "seccomp/paths.h"
#include "seccomp/stack.h"

#include <linux/seccomp.h>
#include <string.h>

/* ------------------------------------------------------------------ one call in words */

static bool has_action(const struct paths *paths, size_t count, uint32_t action)
{
	for (size_t i = 0; i < count; i++)
		if (paths->items[i].action == action)
			return true;
	return false;
}

/* What "else" stands for: the default where it is possible, else what most ways lead to. */
static uint32_t rest_of(const struct paths *paths, uint32_t fallback)
{
	uint32_t best = fallback;
	size_t most = 0;

	if (has_action(paths, paths->count, fallback))
		return fallback;
	for (size_t i = 0; i < paths->count; i++) {
		size_t ways = 0;

		for (size_t k = 0; k < paths->count; k++)
			ways += paths->items[k].action == paths->items[i].action;
		if (ways > most) {
			most = ways;
			best = paths->items[i].action;
		}
	}
	return best;
}

/* The ways that lead to @action, each in words, "or" between them. */
static void add_ways(const struct paths *paths, uint32_t action, struct text *text)
{
	const char *separator = " where ";

	for (size_t i = paths->count; i-- > 0;) {
		if (paths->items[i].action != action)
			continue;
		text_add(text, separator);
		conditions_text(paths->items[i].conditions, paths->items[i].count, text);
		separator = " or ";
	}
}

void outcome_text(const struct paths *paths, uint32_t fallback, struct text *text)
{
	uint32_t rest = rest_of(paths, fallback);
	const char *separator = "";

	for (size_t i = 0; i < paths->count; i++) {
		uint32_t action = paths->items[i].action;

		if (action == rest || has_action(paths, i, action))
			continue;
		text_add(text, separator);
		action_text(action, text);
		add_ways(paths, action, text);
		separator = ", ";
	}
	text_add(text, *separator ? ", else " : "");
	action_text(rest, text);
	text_add(text, paths->cut ? " (not all of its ways can be followed)" : "");
}

uint32_t outcome_fallback(const struct filter_stack *stack, const struct call_arch *arch)
{
	const struct seccomp_data data = {.nr = (int)(arch->first + CALL_NUMBERS),
					  .arch = arch->audit};

	return stack_run(stack, &data, NULL);
}

/* ------------------------------------------------------------------ groups of calls */

static bool same_words(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct call_group *group_find(struct summary *summary, const struct call_group *like)
{
	for (size_t i = 0; i < summary->count; i++) {
		struct call_group *group = &summary->groups[i];

		if (group->arch == like->arch && same_words(group->outcome, like->outcome) &&
		    same_words(group->other, like->other) && same_words(group->where, like->where))
			return group;
	}
	return NULL;
}

/* Room for one more of what there are @count of. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *room, size_t size)
{
	void *larger;

	if (count < *room)
		return items;
	*room = *room ? 2 * *room : 8;
	larger = arena_array(arena, *room, size);
	if (count)
		memcpy(larger, items, count * size);
	return larger;
}

static struct call_group *group_of(struct arena *arena, struct summary *summary,
				   const struct call_group *like)
{
	struct call_group *group = group_find(summary, like);

	if (group)
		return group;
	summary->groups = grow(arena, summary->groups, summary->count, &summary->room,
			       sizeof(*summary->groups));
	group = &summary->groups[summary->count++];
	*group = *like;
	return group;
}

static void add_call(struct arena *arena, struct summary *summary, const struct call_group *like,
		     const char *call, size_t numbers)
{
	struct call_group *group = group_of(arena, summary, like);

	group->calls = (const char **)grow(arena, group->calls, group->count, &group->room,
					   sizeof(*group->calls));
	group->calls[group->count++] = call;
	group->numbers += numbers;
}

/* ------------------------------------------------------------------ all calls */

/* struct unnamed - numbers without a name, one after another, with the same ways */
struct unnamed {
	bool open;
	uint32_t first, last;
	struct call_group like;
};

static void end_range(struct arena *arena, struct summary *summary, struct unnamed *range)
{
	const struct call_arch *arch = range->like.arch;
	uint32_t end = arch->first + CALL_NUMBERS - 1;

	if (!range->open)
		return;
	range->open = false;
	add_call(arena, summary, &range->like,
		 range->last == end ? arena_printf(arena, "%u and above", range->first)
		 : range->first == range->last
			 ? arena_printf(arena, "%u", range->first)
			 : arena_printf(arena, "%u-%u", range->first, range->last),
		 range->last - range->first + 1);
}

static void add_number(struct arena *arena, struct summary *summary, struct unnamed *range,
		       const struct call_group *like, uint32_t number)
{
	const char *name = call_name(arena, like->arch, number);

	if (name) {
		add_call(arena, summary, like, name, 1);
		return;
	}
	if (range->open &&
	    (range->last + 1 != number || !same_words(range->like.outcome, like->outcome) ||
	     !same_words(range->like.other, like->other) ||
	     !same_words(range->like.where, like->where)))
		end_range(arena, summary, range);
	if (!range->open)
		*range = (struct unnamed){.open = true, .first = number, .like = *like};
	range->last = number;
}

static const char *outcome_of(struct arena *arena, const struct filter_stack *stack,
			      const struct call_arch *arch, uint32_t number, uint32_t fallback)
{
	cleanup_(arena_free) struct arena own = {};
	cleanup_(text_free) struct text text = {};
	struct paths paths;

	stack_paths(&own, stack, arch, number, &paths);
	outcome_text(&paths, fallback, &text);
	return arena_strdup(arena, text_str(&text));
}

static void summary_of_arch(struct arena *arena, const struct filter_stack *stack,
			    const struct call_arch *arch, struct summary *summary)
{
	uint32_t fallback = outcome_fallback(stack, arch);
	struct unnamed range = {.like.arch = arch};

	for (uint32_t i = 0; i < CALL_NUMBERS; i++) {
		uint32_t number = arch->first + i;
		struct call_group like = {.arch = arch};

		like.outcome = outcome_of(arena, stack, arch, number, fallback);
		add_number(arena, summary, &range, &like, number);
	}
	end_range(arena, summary, &range);
}

void summary_of(struct arena *arena, const struct filter_stack *stack, struct summary *summary)
{
	*summary = (struct summary){};
	for (const struct call_arch *arch = call_arches(); arch->name; arch++)
		summary_of_arch(arena, stack, arch, summary);
}

/* ------------------------------------------------------------------ differences */

static const char *action_word(struct arena *arena, uint32_t action)
{
	cleanup_(text_free) struct text text = {};

	action_text(action, &text);
	return arena_strdup(arena, text_str(&text));
}

/* The ways that both filters can go with one call, where they end otherwise. */
static void pair_ways(struct arena *arena, const struct paths *one, const struct paths *other,
		      struct summary *pairs)
{
	struct path both;

	for (size_t i = 0; i < one->count; i++)
		for (size_t k = 0; k < other->count; k++) {
			cleanup_(text_free) struct text where = {};
			struct call_group like = {};

			if (one->items[i].action == other->items[k].action ||
			    !path_both(&one->items[i], &other->items[k], &both))
				continue;
			like.outcome = action_word(arena, one->items[i].action);
			like.other = action_word(arena, other->items[k].action);
			conditions_text(both.conditions, both.count, &where);
			add_call(arena, pairs, &like, arena_strdup(arena, text_str(&where)), 1);
		}
}

static const char *join_ways(struct arena *arena, const struct call_group *pair)
{
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < pair->count; i++) {
		if (pair->calls[i][0] == '\0')
			return NULL; /* for any arguments */
		text_addf(&text, "%s%s", i ? " or " : "", pair->calls[i]);
	}
	return arena_strdup(arena, text_str(&text));
}

static void differ_on(struct arena *arena, const struct filter_stack *one,
		      const struct filter_stack *other, struct unnamed *range, uint32_t number,
		      struct summary *summary)
{
	const struct call_arch *arch = range->like.arch;
	cleanup_(arena_free) struct arena own = {};
	struct summary pairs = {};
	struct paths ways, other_ways;

	stack_paths(&own, one, arch, number, &ways);
	stack_paths(&own, other, arch, number, &other_ways);
	pair_ways(&own, &ways, &other_ways, &pairs);
	for (size_t i = 0; i < pairs.count; i++) {
		struct call_group like = {.arch = arch};
		const char *where = join_ways(&own, &pairs.groups[i]);

		like.outcome = arena_strdup(arena, pairs.groups[i].outcome);
		like.other = arena_strdup(arena, pairs.groups[i].other);
		like.where = where ? arena_strdup(arena, where) : NULL;
		add_number(arena, summary, range, &like, number);
	}
}

void summary_differences(struct arena *arena, const struct filter_stack *one,
			 const struct filter_stack *other, struct summary *summary)
{
	*summary = (struct summary){};
	for (const struct call_arch *arch = call_arches(); arch->name; arch++) {
		struct unnamed range = {.like.arch = arch};

		for (uint32_t i = 0; i < CALL_NUMBERS; i++)
			differ_on(arena, one, other, &range, arch->first + i, summary);
		range.like.arch = arch;
		end_range(arena, summary, &range);
	}
}

/* ------------------------------------------------------------------ writing */

static void group_text(const struct call_group *group, struct text *text)
{
	text_add(text, group->outcome);
	if (group->other)
		text_addf(text, " -> %s", group->other);
	if (group->where)
		text_addf(text, " where %s", group->where);
	text_add(text, ": ");
	if (group->numbers == CALL_NUMBERS)
		text_add(text, "every call");
	for (size_t i = 0; group->numbers < CALL_NUMBERS && i < group->count; i++)
		text_addf(text, "%s%s", i ? ", " : "", group->calls[i]);
	text_addc(text, '\n');
}

static bool depends(const struct call_group *group)
{
	return group->where || strstr(group->outcome, " where ");
}

void summary_text(const struct summary *summary, struct text *text)
{
	for (const struct call_arch *arch = call_arches(); arch->name; arch++)
		for (int conditional = 0; conditional < 2; conditional++)
			for (size_t i = 0; i < summary->count; i++) {
				const struct call_group *group = &summary->groups[i];

				if (group->arch != arch || depends(group) != conditional)
					continue;
				text_addf(text, "%-8s ", arch->name);
				group_text(group, text);
			}
}

void summary_write(const struct summary *summary, struct json_out *out, const char *name)
{
	json_out_array(out, name);
	for (size_t i = 0; i < summary->count; i++) {
		const struct call_group *group = &summary->groups[i];

		json_out_object(out, NULL);
		json_out_string(out, "arch", group->arch->name);
		json_out_string(out, "outcome", group->outcome);
		if (group->other)
			json_out_string(out, "other", group->other);
		if (group->where)
			json_out_string(out, "where", group->where);
		json_out_strings(out, "calls", group->calls, group->count);
		json_out_end(out);
	}
	json_out_end(out);
}
