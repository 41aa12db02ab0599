#pragma once

#include <stdint.h>

/**
 * duration_read() - a time as engines write it: "5s", "1m30s", "1.5h", "500ms"
 * @ms: rounded up, so that a time that isn't none is none the less
 * Return: 0; -EINVAL; -ERANGE.
 */
int duration_read(const char *text, int64_t *ms);
