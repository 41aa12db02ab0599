#pragma once

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct etc;

/* In which order containers start with the host, and stop with it: `onboot` and `startup`. */

/** struct boot_entry - one container; those of one order belong together */
struct boot_entry {
	const char *id;
	long order; /* BOOT_NO_ORDER: after all that have one                           */
	unsigned int up_seconds;   /* until the next one may start                      */
	unsigned int down_seconds; /* how long its end may take; 0: not said            */
	bool onboot;
};

#define BOOT_NO_ORDER __LONG_MAX__

/**
 * boot_order() - all containers but templates, first to start first, in @arena
 *
 * Those of one order by their ids. One whose config can't be read is left out.
 */
int boot_order(struct arena *arena, const struct etc *etc, struct boot_entry **entries,
	       size_t *count, struct err *err);
