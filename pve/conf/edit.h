#pragma once

#include "pve/conf/conf.h"

/*
 * Lists of entries and their sections, for those who build a config: the reader and the editing
 * functions of conf.h.
 */

/** entry_add() - a new line at the end of @list; texts are kept, not copied. */
struct pve_entry *entry_add(struct arena *arena, struct pve_entries *list, const char *key,
			    const char *value, unsigned int line);

/** entry_put() - the same, but in place of the one with @key, of which nothing is kept. */
struct pve_entry *entry_put(struct arena *arena, struct pve_entries *list, const char *key,
			    const char *value, unsigned int line);

/** section_clear() - forget all lines of @section; its name and place in the list stay. */
void section_clear(struct pve_section *section);
