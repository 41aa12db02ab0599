#include "why/wall.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "net/firewall.h"

#include <string.h>

static const struct firewall_step *find_step(const struct plan *plan)
{
	step_each (step, plan, STEP_ATTACH)
		if (step->kind == &firewall_kind)
			return container_of(step, struct firewall_step, step);
	return NULL;
}

static const char *find_missing(const struct plan *plan)
{
	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		if (strcmp(missing->what, "net.firewall") == 0)
			return missing->why;
	return NULL;
}

/* Ours, and what somebody has done to them. */
static void look_at_table(struct plan *plan, const struct firewall_step *step, struct wall *wall)
{
	struct arena *arena = &plan->arena;
	cleanup_(text_free) struct text changes = {};
	struct err err = {};
	struct table want;

	if (table_fetch(arena, step->table, &wall->table, &err) < 0)
		wall->unseen = arena_strdup(arena, err.what);
	else if (table_is_there(&wall->table) &&
		 table_make(arena, step->table, step->script, &want, &err) == 0 &&
		 table_compare(&want, &wall->table, &changes) > 0)
		wall->changes = arena_strdup(arena, text_str(&changes));
}

const struct wall *wall_look(struct plan *plan)
{
	const struct firewall_step *step = find_step(plan);
	const char *missing = find_missing(plan);
	struct wall *wall = arena_alloc(&plan->arena, sizeof(*wall));

	if (!step && !missing)
		return NULL;
	wall->missing = missing;
	if (step) {
		wall->id = step->table + strlen("pctrun-");
		look_at_table(plan, step, wall);
	}
	return wall;
}
