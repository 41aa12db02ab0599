#pragma once

#include "lib/plan.h"

struct err;
struct live_kind;
struct run;

/* What becomes of a running container: change.c finds it out, change_perform.c does it. */

/** struct change - of one thing; one of the two is NULL where it comes or goes */
struct change {
	const struct live_kind *kind;
	const struct step *from, *to;
};

struct changes {
	struct change *items; /* what goes before what comes, by stage */
	size_t count;
};

/**
 * changes_perform() - do all of it, or none
 * @run: of the container: its cgroup, its process, the slots of the new plan
 */
int changes_perform(const struct changes *changes, struct run *run, struct err *err);
