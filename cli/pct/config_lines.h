#pragma once

#include <stddef.h>

struct arena;
struct pve_section;

/* Options as commands print them. */

/** struct config_line - the value of a variable may have NUL bytes between */
struct config_line {
	const char *key;
	const char *value;
	size_t length;
};

/**
 * config_lines() - the options of a section, sorted, in @arena; without raw lines
 *
 * A description is encoded into one line; all variables are one value.
 */
struct config_line *config_lines(struct arena *arena, const struct pve_section *section,
				 size_t *count);

/** config_line_find() - the line of @key among @count sorted ones. Return: NULL: none. */
const struct config_line *config_line_find(const struct config_line *lines, size_t count,
					   const char *key);

/** config_line_print() - "<before>key: value" */
void config_line_print(const char *before, const struct config_line *line);
