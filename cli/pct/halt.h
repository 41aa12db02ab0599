#pragma once

#include <stdbool.h>

struct err;
struct power;

/**
 * power_halt() - ask the container to end and wait until nothing is left of it
 * @seconds: for all of it; 0: wait for ever
 * @force: then kill it
 * Return: 0; -ETIMEDOUT "container did not stop".
 */
int power_halt(const struct power *power, unsigned int seconds, bool force, struct err *err);

/** power_kill() - end it at once, and wait until nothing is left of it. */
int power_kill(const struct power *power, struct err *err);
