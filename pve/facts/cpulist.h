#pragma once

#include "lib/arena.h"

#include <stddef.h>
#include <stdint.h>

/** struct cpulist - numbers of processors, ascending: the kernel's "0-3,7" */
struct cpulist {
	size_t count;
	uint32_t *items;
};

/** cpulist_read() - Return: 0; -EINVAL when @text is no list, or not ascending. */
int cpulist_read(struct arena *arena, const char *text, struct cpulist *list);

/** cpulist_write() - the list with ranges joined: "0-3,7". */
const char *cpulist_write(struct arena *arena, const struct cpulist *list);

/**
 * cpulist_choose() - leave @wanted of the processors, the same for the same @random
 * @random: one number for each to choose, used by its remainder
 * Nothing is taken away where there aren't more than @wanted.
 */
void cpulist_choose(struct cpulist *list, size_t wanted, const uint32_t *random);
