#pragma once

#include "lib/helper.h"

struct arena;
struct err;
struct scope;

/* Inside cgroup/: pctrun-scope as a process, which does what libexec/scope.c says. */

/** scope_user_dir() - where the user's manager is found; NULL for the system's and where unknown */
const char *scope_user_dir(const struct scope *scope);

/**
 * scope_start() - make a scope
 * @keeper: pctrun-scope in it; closing its socket lets it go
 * @description: tells it from another's of the same name
 * @cgroup: its cgroup, below the mount of cgroup2; in @arena
 */
int scope_start(struct arena *arena, const struct scope *scope, const char *description,
		struct helper *keeper, const char **cgroup, struct err *err);

/** scope_set() - change properties of one that is there. */
int scope_set(const struct scope *scope, struct err *err);

/** scope_stop() - end a scope with this description, and forget that it failed; gone is fine. */
int scope_stop(const char *unit, const char *user_dir, const char *description, struct err *err);
