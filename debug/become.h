#pragma once

#include <stdint.h>

struct err;
struct isolation;

/**
 * isolation_become() - the calling process gets the namespaces, the root, the ids and the
 * capabilities of the one that was looked at
 * @namespaces: CLONE_NEW*: those to join, where they are not ours anyway; pid and time hold for
 * children only
 *
 * What stays the caller's: cgroup, security label, seccomp filters, limits, open files.
 * Nobody in there may look into it or trace it.
 * Context: a process that ends soon (lib/worker.h), or execs.
 */
int isolation_become(const struct isolation *isolation, uint64_t namespaces, struct err *err);
