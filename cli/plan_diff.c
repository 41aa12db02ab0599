#include "cli/plan_diff.h"

#include "lib/arena.h"
#include "lib/plan.h"
#include "lib/text.h"

#include <string.h>

/* A step while the two plans are compared. */
struct item {
	const struct step *step;
	const char *text;
	bool same; /* it has its like in the other plan */
};

struct list {
	size_t count;
	struct item *items;
};

static const char *text_of(struct arena *arena, const struct step *step)
{
	cleanup_(text_free) struct text text = {};

	if (step->kind->describe)
		step->kind->describe(step, &text);
	return arena_strdup(arena, text_str(&text));
}

static struct list list_of(struct arena *arena, const struct plan *plan, int stage)
{
	struct list list = {};

	step_each (step, plan, stage)
		list.count++;
	list.items = arena_array(arena, list.count, sizeof(*list.items));
	list.count = 0;
	step_each (step, plan, stage)
		list.items[list.count++] = (struct item){step, text_of(arena, step), false};
	return list;
}

static void find_same(struct list *from, struct list *to)
{
	for (size_t i = 0; i < from->count; i++)
		for (size_t j = 0; j < to->count && !from->items[i].same; j++)
			if (!to->items[j].same &&
			    from->items[i].step->kind == to->items[j].step->kind &&
			    strcmp(from->items[i].text, to->items[j].text) == 0)
				from->items[i].same = to->items[j].same = true;
}

static bool same_until(const char *a, const char *b, const char *mark)
{
	const char *end = strstr(a, mark);

	return end && strncmp(a, b, (size_t)(end - a) + strlen(mark)) == 0;
}

/* "memory.max = 1" and "memory.max = 2" are one limit; "mp0: in 100.conf, line 7" and "mp0: in
 * 101.conf, line 3" one key. */
static bool is_successor(const struct item *from, const struct item *to)
{
	return same_until(from->text, to->text, " = ") ||
	       same_until(from->step->origin, to->step->origin, ": in ");
}

/* Two that differ by their words alone, and are the only ones of their kind that do. */
static size_t count_left(const struct list *list, const struct step_kind *kind)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += !list->items[i].same && list->items[i].step->kind == kind;
	return count;
}

static struct item *find_successor(const struct list *from, const struct item *item,
				   struct list *to)
{
	const struct step_kind *kind = item->step->kind;
	const bool only = count_left(from, kind) == 1 && count_left(to, kind) == 1;

	for (size_t i = 0; i < to->count; i++)
		if (!to->items[i].same && to->items[i].step->kind == kind &&
		    (only || is_successor(item, &to->items[i])))
			return &to->items[i];
	return NULL;
}

static void add(struct plan_diff *diff, const struct step *from, const struct step *to)
{
	diff->changes[diff->count++] = (struct plan_change){from, to};
}

static void compare_stage(struct list *from, struct list *to, struct plan_diff *diff)
{
	find_same(from, to);
	for (size_t i = 0; i < from->count; i++) {
		struct item *item = &from->items[i], *successor;

		if (item->same)
			continue;
		successor = find_successor(from, item, to);
		add(diff, item->step, successor ? successor->step : NULL);
		item->same = true; /* seen to, both */
		if (successor)
			successor->same = true;
	}
	for (size_t i = 0; i < to->count; i++)
		if (!to->items[i].same)
			add(diff, NULL, to->items[i].step);
}

static size_t count_steps(const struct plan *plan)
{
	size_t count = 0;

	for (int stage = 0; stage < STEP_STAGES; stage++)
		count += plan->last[stage] ? plan->last[stage]->number : 0;
	return count;
}

/* ----------------------------------------------------------------------- what can't be enforced */

static bool has_missing(const struct plan *plan, const struct missing *wanted)
{
	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		if (strcmp(missing->what, wanted->what) == 0 &&
		    strcmp(missing->why, wanted->why) == 0)
			return true;
	return false;
}

static void compare_missing(const struct plan *of, const struct plan *other, bool comes,
			    struct plan_diff *diff)
{
	for (const struct missing *missing = of->missing; missing; missing = missing->next)
		if (!has_missing(other, missing))
			diff->missing[diff->missing_count++] =
				(struct missing_change){missing, comes};
}

static size_t count_missing(const struct plan *plan)
{
	size_t count = 0;

	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		count++;
	return count;
}

void plan_diff(struct arena *arena, const struct plan *from, const struct plan *to,
	       struct plan_diff *diff)
{
	*diff = (struct plan_diff){
		.changes = arena_array(arena, count_steps(from) + count_steps(to),
				       sizeof(*diff->changes)),
		.missing = arena_array(arena, count_missing(from) + count_missing(to),
				       sizeof(*diff->missing)),
	};
	for (int stage = 0; stage < STEP_STAGES; stage++) {
		struct list before = list_of(arena, from, stage), after = list_of(arena, to, stage);

		compare_stage(&before, &after, diff);
	}
	compare_missing(from, to, false, diff);
	compare_missing(to, from, true, diff);
}
