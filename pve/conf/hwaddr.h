#pragma once

struct arena;

/*
 * Hardware addresses for interfaces that have none, in upper case, in @arena.
 * @prefix: "BC:24:11" (NULL: this one) or what datacenter.cfg has; "": none, a local address
 */

/** hwaddr_random() - Return: NULL with errno when there are no random numbers. */
const char *hwaddr_random(struct arena *arena, const char *prefix);

/** hwaddr_of() - one that looks as random, and is the same each time for the same @seed */
const char *hwaddr_of(struct arena *arena, const char *prefix, const char *seed);
