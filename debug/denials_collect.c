#include "debug/denials_parts.h"

#include "lib/clock.h"

#include <string.h>

enum { KINDS_MAX = 1000, AGAIN_SEC = 5, LINES_A_SECOND = 20 };

struct collected {
	struct denial denial;
	unsigned long handed_on; /* of its count */
	int64_t again;           /* deadline_in(): not before */
	struct collected *next;
};

static bool same(const struct denial *one, const struct denial *other)
{
	return strcmp(one->layer, other->layer) == 0 && strcmp(one->what, other->what) == 0 &&
	       strcmp(one->program, other->program) == 0;
}

static struct collected *find(struct collection *collection, const struct denial *denial)
{
	struct collected **end = &collection->first;

	while (*end && !same(&(*end)->denial, denial))
		end = &(*end)->next;
	if (*end || collection->count == KINDS_MAX)
		return *end;
	*end = arena_alloc(collection->arena, sizeof(**end));
	(*end)->denial = (struct denial){
		.layer = denial->layer,
		.what = arena_strdup(collection->arena, denial->what),
		.rule = arena_strdup(collection->arena, denial->rule),
		.origin = arena_strdup(collection->arena, denial->origin),
		.program = arena_strdup(collection->arena, denial->program),
		.pid = denial->pid,
		.inside = denial->inside,
		.likely = denial->likely,
	};
	collection->count++;
	return *end;
}

void collection_add(struct collection *collection, const struct denial *denial, unsigned long times)
{
	struct collected *found = find(collection, denial);

	if (!found) {
		collection->left_out += times;
		return;
	}
	found->denial.count += times;
	found->denial.likely &= denial->likely;
}

static bool within_budget(struct collection *collection)
{
	if (deadline_left(collection->budget_end) == 0) {
		collection->budget_end = deadline_in(1);
		collection->used = 0;
	}
	return collection->used++ < LINES_A_SECOND;
}

void collection_hand_on(struct collection *collection, bool all)
{
	for (struct collected *at = collection->first; at; at = at->next) {
		if (at->handed_on == at->denial.count)
			continue;
		if (!all && at->handed_on && deadline_left(at->again) > 0)
			continue;
		if (!all && !within_budget(collection))
			return;
		collection->sink->denied(collection->sink->data, &at->denial);
		at->handed_on = at->denial.count;
		at->again = deadline_in(AGAIN_SEC);
	}
}
