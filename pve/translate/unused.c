#include "pve/translate/parts.h"

#include "pve/conf/schema.h"

#include <string.h>

/* Options, and keys of property strings, that are read and kept but that nothing here acts on yet:
 * the tables say so, and here the reader of `pct check` is told. None of them isolates. */

static void note_properties(struct translation *t, const struct pve_entry *entry,
			    const struct schema_key *row)
{
	union pve_properties values = {};

	if (property_read(t->arena, row->properties, entry->value, &values, NULL) < 0)
		return; /* whoever needs the value says so */
	for (const struct property *at = row->properties; at->name; at++)
		if (at->not_yet && property_given(at, &values))
			advise(t, entry->key, conf_origin(t->arena, t->conf, entry),
			       "%s is not acted on: %s", at->name, at->not_yet);
}

/* A boolean that says no asks for nothing. */
static bool asks(const struct schema_key *row, const struct pve_entry *entry)
{
	return row->type != SCHEMA_BOOL || strcmp(entry->value, "0") != 0;
}

int translate_unused(struct translation *t)
{
	entry_each(entry, &t->conf->main.options)
	{
		const struct schema_key *row = schema_find(entry->key);

		if (!row)
			continue; /* the reader warned of it */
		if (row->not_yet && asks(row, entry))
			advise(t, entry->key, conf_origin(t->arena, t->conf, entry),
			       "%s is not acted on: %s", entry->key, row->not_yet);
		else if (row->properties)
			note_properties(t, entry, row);
	}
	return 0;
}
