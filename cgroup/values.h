#pragma once

#include "lib/arena.h"
#include "lib/own.h"

/* What a cgroup's files say: cgroup-v2.rst, "Format". */

/** cgroup_text() - all of a file; "" where it can't be read. Lives in @arena. */
const char *cgroup_text(struct arena *arena, int cgroup_fd, const char *file);

/** cgroup_number() - a file of one number; unset where there is none: "max", or no such file. */
struct opt_u64 cgroup_number(int cgroup_fd, const char *file);

/** cgroup_named() - @name's value in a text of "name value" lines: cpu.stat, memory.events */
struct opt_u64 cgroup_named(const char *text, const char *name);
