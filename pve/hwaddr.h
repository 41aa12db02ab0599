#pragma once

struct arena;

/**
 * hwaddr_random() - a hardware address for an interface that has none, in upper case, in @arena
 * @prefix: "BC:24:11" (NULL: this one) or what datacenter.cfg has; "": none, a local address
 * Return: NULL with errno when there are no random numbers.
 */
const char *hwaddr_random(struct arena *arena, const char *prefix);
