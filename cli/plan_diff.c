#include "cli/plan_diff.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"

#include <string.h>

/* A step while the two plans are compared. */
struct item {
	const struct step *step;
	const char *text;
	const struct json *values;
	bool same; /* it has its like in the other plan */
};

struct list {
	size_t count;
	struct item *items;
};

static const char *text_of(struct arena *arena, const struct step *step)
{
	cleanup_(text_free) struct text text = {};

	step->kind->describe(step, &text);
	return arena_strdup(arena, text_str(&text));
}

static const struct json *values_of(struct arena *arena, const struct step *step)
{
	struct json_out *out = json_out_new(false);
	const struct json *values = NULL;
	const char *text;

	json_out_object(out, NULL);
	if (step->kind->write)
		step->kind->write(step, out);
	json_out_end(out);
	text = json_out_keep(out, arena);
	(void)json_read(arena, step->kind->name, text, strlen(text), &values, NULL);
	return values;
}

static struct list list_of(struct arena *arena, const struct plan *plan, int stage)
{
	struct list list = {};

	step_each (step, plan, stage)
		list.count++;
	list.items = arena_array(arena, list.count, sizeof(*list.items));
	list.count = 0;
	step_each (step, plan, stage)
		list.items[list.count++] =
			(struct item){step, text_of(arena, step), values_of(arena, step), false};
	return list;
}

static bool value_differs(struct arena *arena, const struct json *a, const struct json *b)
{
	struct json_out *one = json_out_new(false), *other = json_out_new(false);

	json_out_value(one, NULL, a);
	json_out_value(other, NULL, b);
	return strcmp(json_out_keep(one, arena), json_out_keep(other, arena)) != 0;
}

static void add_name(struct text *names, const char *name)
{
	text_addf(names, "%s%s", names->length ? ", " : "", name);
}

/* Return: "args, env"; "": none. */
static const char *differing(struct arena *arena, const struct item *from, const struct item *to)
{
	cleanup_(text_free) struct text names = {};

	json_each (value, from->values) {
		const struct json *other = json_find(to->values, value->name);

		if (!other || value_differs(arena, value, other))
			add_name(&names, value->name);
	}
	json_each (value, to->values)
		if (!json_find(from->values, value->name))
			add_name(&names, value->name);
	return arena_strdup(arena, text_str(&names));
}

static bool described_alike(const struct item *from, const struct item *to)
{
	return from->step->kind == to->step->kind && strcmp(from->text, to->text) == 0;
}

static void find_same(struct arena *arena, struct list *from, struct list *to)
{
	for (size_t i = 0; i < from->count; i++)
		for (size_t j = 0; j < to->count && !from->items[i].same; j++)
			if (!to->items[j].same && described_alike(&from->items[i], &to->items[j]) &&
			    !*differing(arena, &from->items[i], &to->items[j]))
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
	return described_alike(from, to) || same_until(from->text, to->text, " = ") ||
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

static void add(struct plan_diff *diff, const struct step *from, const struct step *to,
		const char *values)
{
	diff->changes[diff->count++] = (struct plan_change){from, to, values};
}

static void compare_stage(struct arena *arena, struct list *from, struct list *to,
			  struct plan_diff *diff)
{
	find_same(arena, from, to);
	for (size_t i = 0; i < from->count; i++) {
		struct item *item = &from->items[i], *successor;

		if (item->same)
			continue;
		successor = find_successor(from, item, to);
		add(diff, item->step, successor ? successor->step : NULL,
		    successor && described_alike(item, successor)
			    ? differing(arena, item, successor)
			    : NULL);
		item->same = true; /* seen to, both */
		if (successor)
			successor->same = true;
	}
	for (size_t i = 0; i < to->count; i++)
		if (!to->items[i].same)
			add(diff, NULL, to->items[i].step, NULL);
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

		compare_stage(arena, &before, &after, diff);
	}
	compare_missing(from, to, false, diff);
	compare_missing(to, from, true, diff);
}
