#pragma once

struct arena;

/** errno_name() - "EPERM"; of a number that means nothing, as a filter may answer it, "4000"
 * Return: in @arena, or constant. */
const char *errno_name(struct arena *arena, int num);
