#pragma once

#include "lib/step.h"

#include <stdbool.h>

/*
 * Kinds whose steps may come, go and change while the container runs. Everything else of a plan is
 * made once, at the start.
 */
struct live_kind {
	const struct step_kind *kind;

	/* Are both about one thing of the kernel: the same file, the same link? */
	bool (*same)(const struct step *one, const struct step *other);

	/* Takes back what apply made. NULL: it can't be, before the container's end. */
	int (*revert)(const struct step *step, struct run *run, struct err *err);

	/* Makes of the one the other, of the same thing; nothing of it is lost that both have. */
	int (*change)(const struct step *from, const struct step *to, struct run *run,
		      struct err *err);
};

/** live_kind_find() - Return: NULL: a kind that is made once. */
const struct live_kind *live_kind_find(const struct step_kind *kind);
