#pragma once

#include "lib/step.h"

#include <stdbool.h>

/*
 * Kinds whose steps may come, go and change while the container runs. Everything else of a plan is
 * made once, at the start.
 */

/* Where it is done, in this order. */
enum live_side {
	LIVE_HOST,    /* in the caller's process                                         */
	LIVE_OUTSIDE, /* in a process with a mount namespace of its own, a copy of ours  */
	LIVE_INSIDE,  /* in the same one, as the container's root in its namespaces      */
	LIVE_SIDES
};

struct live_kind {
	const struct step_kind *kind;
	enum live_side side;

	/* Are both about one thing of the kernel: the same file, the same link? */
	bool (*same)(const struct step *one, const struct step *other);

	/* Takes back what apply made; what isn't there is fine. NULL: it goes with the process. */
	int (*revert)(const struct step *step, struct run *run, struct err *err);

	/* Makes of the one the other, of the same thing; nothing of it is lost that both have.
	 * NULL: that waits for the next start. */
	int (*change)(const struct step *from, const struct step *to, struct run *run,
		      struct err *err);

	/* It goes after what comes: other things have to leave it first. */
	bool goes_last;
};

/** live_kind_find() - Return: NULL: a kind that is made once. */
const struct live_kind *live_kind_find(const struct step_kind *kind);
