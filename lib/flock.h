#pragma once

#include <stdint.h>

/**
 * flock_wait() - take an exclusive flock(2)
 * @deadline: lib/clock.h's
 *
 * Return: 0; -ETIMEDOUT when somebody else still has it then; a negative errno.
 */
int flock_wait(int fd, int64_t deadline);
