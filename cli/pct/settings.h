#pragma once

#include "cli/options.h"

#include <stddef.h>

struct arena;

/* The options of a config as options of a command: net0 to net31 and all. */

/**
 * settings_rows() - a command's own rows, then a row for each key of the schema, in @arena
 * @own: @count of them; one with the name of a key stands for it
 */
const struct option_row *settings_rows(struct arena *arena, const struct option_row *own,
				       size_t count);

/**
 * settings_given() - the pairs of key and value among what was given, in @arena
 * @own: those that are no settings
 */
const char *const (*settings_given(struct arena *arena, const struct options *given,
				   const struct option_row *own, size_t own_count,
				   size_t *count))[2];
