#pragma once

#include "lib/arena.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "lib/run.h"

struct err;
struct live_kind;

/* What becomes of a running container: change.c says what it shall be, change_compare.c finds out
 * what is different, change_perform.c does it, and change_settle.c ends what another one was killed
 * in. */

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

/** changes_take_back() - undo them, done or not. */
void changes_take_back(const struct changes *changes, struct run *run);

struct oci_spec;
struct record;
struct runtime;

/** struct changing - a container between two specs, and all that is needed to change it */
struct changing {
	const struct runtime *runtime;
	const struct record *record;
	int state_fd; /* borrowed */
	struct arena arena;
	struct host host;
	struct plan before, after;
	struct changes changes;
	struct run run;
};

void changing_init(struct changing *changing, const struct runtime *runtime,
		   const struct record *record, int state_fd);
void changing_free(struct changing *changing);
DEFINE_CLEANUP(struct changing, changing_free);

/** changing_begin() - compare the plans of two specs. */
int changing_begin(struct changing *changing, const struct oci_spec *from,
		   const struct oci_spec *to, struct err *err);

/** change_settle() - take back a change that was killed half-way. Return: 0, also when there was
 * none. */
int change_settle(const struct runtime *runtime, const struct record *record, int state_fd,
		  struct err *err);
