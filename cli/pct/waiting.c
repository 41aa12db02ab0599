#include "cli/pct/waiting.h"

#include "cli/output.h"

#include "cli/pct/pct.h"
#include "cli/pct/power.h"
#include "lib/arena.h"
#include "lib/clock.h"
#include "runtime/obstacles.h"

#include <string.h>

enum { STUCK_SHOWN = 5, UNITS_SHOWN = 5 };

struct list {
	const struct obstacle *items;
	size_t count;
};

static void report_clock(const struct waiting *waiting)
{
	const char *id = waiting->power->id;
	int left = deadline_left(waiting->deadline);

	if (left < 0)
		output_note("waiting for CT %s, as long as it takes", id);
	else
		output_note("waiting for CT %s: in %d s %s", id, (left + 999) / 1000,
			    waiting->force ? "it is killed" : "this gives up");
}

static void report_frozen(const struct power *power)
{
	if (pct_paused(power->pct, power->id))
		output_note("  it is suspended: pct resume %s lets it go on", power->id);
}

static void report_first(const struct list *list)
{
	const struct obstacle *first = list->items;

	if (list->count && first->first)
		output_note("  its init (%s, pid %d) is in state %s", first->name, (int)first->pid,
			    first->state);
	if (list->count > 1)
		output_note("  %zu other process%s left", list->count - 1,
			    list->count == 2 ? " is" : "es are");
}

/* What no signal ends: the kernel has to come back first, from a disk or a server. */
static void report_stuck(const struct list *list)
{
	size_t shown = 0;

	for (size_t i = 0; i < list->count && shown < STUCK_SHOWN; i++) {
		const struct obstacle *stuck = &list->items[i];

		if (!obstacle_stuck(stuck))
			continue;
		output_note("  %s (pid %d) is in uninterruptible sleep%s%s", stuck->name,
			    (int)stuck->pid, stuck->where ? " in " : "",
			    stuck->where ? stuck->where : "");
		shown++;
	}
}

static bool is_first_of_unit(const struct list *list, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (list->items[i].unit &&
		    strcmp(list->items[i].unit, list->items[index].unit) == 0)
			return false;
	return true;
}

static void report_units(const struct list *list)
{
	size_t shown = 0;

	for (size_t i = 0; i < list->count && shown < UNITS_SHOWN; i++) {
		const struct obstacle *item = &list->items[i];

		if (!item->unit || item->first || !is_first_of_unit(list, i))
			continue;
		output_note("  %s has not stopped: %s (pid %d)", item->unit, item->name,
			    (int)item->pid);
		shown++;
	}
}

void waiting_report(const struct waiting *waiting)
{
	cleanup_(arena_free) struct arena arena = {};
	struct obstacle *obstacles;
	struct list list = {};

	report_clock(waiting);
	report_frozen(waiting->power);
	if (container_obstacles(&waiting->power->pct->runtime, &arena, waiting->power->id,
				&obstacles, &list.count, NULL) < 0)
		return; /* it has just ended */
	list.items = obstacles;
	report_first(&list);
	report_units(&list);
	report_stuck(&list);
}
