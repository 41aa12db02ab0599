#pragma once

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct missing;
struct plan;
struct step;

/*
 * What a change of a config means: two plans, and which steps come, go or become others. Steps are
 * the same where stage, kind, description and values are; who asked for them is not looked at.
 */

/** struct plan_diff - in the order of the plans */
struct plan_diff {
	size_t count;
	struct plan_change {
		const struct step *from; /* NULL: it comes */
		const struct step *to;   /* NULL: it goes  */
		const char *values;      /* "args, env": what differs of two that are described
					    alike; NULL: the descriptions do */
	} * changes;
	size_t missing_count; /* what the host can't enforce */
	struct missing_change {
		const struct missing *missing;
		bool comes; /* else it goes */
	} * missing;
};

/** plan_diff() - compare @from with @to, which have to outlive @diff; in @arena. */
void plan_diff(struct arena *arena, const struct plan *from, const struct plan *to,
	       struct plan_diff *diff);

/** plan_diff_show() - on stdout: a line for each, or one JSON object: docs/schema/plan.json */
void plan_diff_show(const struct plan_diff *diff, bool json);
