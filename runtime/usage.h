#pragma once

#include "lib/own.h"

#include <stdint.h>
#include <sys/types.h>

struct arena;
struct err;
struct runtime;

/* What a running container uses now; what the kernel doesn't show is unset or NULL. */

/** struct pressure - avg10 of a cgroup's pressure file: per cent, as the kernel writes it */
struct pressure {
	const char *some, *full;
};

struct usage {
	pid_t pid;
	uint64_t uptime_seconds;
	struct opt_u64 memory_bytes; /* without the page cache */
	struct opt_u64 swap_bytes;
	struct opt_u64 read_bytes, write_bytes;
	struct opt_u64 in_bytes, out_bytes;        /* of all its interfaces, as it sees them */
	struct opt_u64 disk_bytes, disk_max_bytes; /* of its root file system */
	struct opt_u64 oom_kills;
	const char *memory_origin; /* who asked for the memory limit */
	struct pressure cpu, io, memory;
};

/**
 * container_usage() - ask the kernel
 * Return: 0; -ENOENT: no such container; -ESRCH: it doesn't run; strings live in @arena.
 */
int container_usage(const struct runtime *runtime, struct arena *arena, const char *id,
		    struct usage *usage, struct err *err);
