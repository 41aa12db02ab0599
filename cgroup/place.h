#pragma once

#include "cgroup/cgroup.h"

struct json_out;
struct run;
struct text;

/* Inside cgroup/: where a cgroup is, and what its kinds of steps do. */

void place_describe(const struct cgroup_place *place, struct text *text);
void place_write(const struct cgroup_place *place, struct json_out *out);

/**
 * place_directory() - the directory of the outer cgroup, in @arena
 * Reads /proc/self/cgroup for a place below the caller's own. Return: NULL when that can't be read.
 */
const char *place_directory(struct arena *arena, const struct cgroup_place *place);

/** place_own() - the directory of the caller's own cgroup, in @arena; NULL: unknown */
const char *place_own(struct arena *arena, const char *mount);

/* An ancestor that cgroup.create made bears this attribute, so that the last container to leave
 * can remove it. cgroup2 has user attributes since Linux 5.7; without them it stays. */
#define CGROUP_MADE_ATTRIBUTE "user.pctrun.made"

int cgroup_create_apply(const struct step *step, struct run *run, struct err *err);
int cgroup_create_undo(const struct json *record, struct run *run, struct err *err);
int cgroup_create_observe(const struct step *step, struct run *run, struct observation *seen,
			  struct err *err);
int cgroup_owner_apply(const struct step *step, struct run *run, struct err *err);
int cgroup_owner_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err);
