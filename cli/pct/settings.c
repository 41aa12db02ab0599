#include "cli/pct/settings.h"

#include "cli/pct/options.h"
#include "lib/arena.h"
#include "pve/conf/schema.h"

#include <string.h>

enum { ROWS_MAX = 1024 };

static const char *value_help(const struct schema_key *key)
{
	if (key->type == SCHEMA_BOOL)
		return PCT_BOOLEAN;
	return key->value_help ? key->value_help : "VALUE";
}

static bool is_among(const struct option_row *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return true;
	return false;
}

/* Snapshots alone have these. */
static bool is_inner(const struct schema_key *key)
{
	return strcmp(key->name, "parent") == 0 || strcmp(key->name, "snaptime") == 0;
}

static struct option_row setting_row(struct arena *arena, const struct schema_key *key,
				     unsigned int index)
{
	return (struct option_row){
		.name = key->count ? arena_printf(arena, "%s%u", key->name, index) : key->name,
		.value = value_help(key),
		.help = key->help,
		.shown = key->count ? arena_printf(arena, "%s[n]", key->name) : NULL,
		.hidden = index > 0, /* one row shows the whole family */
	};
}

const struct option_row *settings_rows(struct arena *arena, const struct option_row *own,
				       size_t count)
{
	struct option_row *rows = arena_array(arena, ROWS_MAX, sizeof(*rows));
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		rows[n++] = own[i];
	for (const struct schema_key *key = schema_keys; key->name; key++)
		for (unsigned int i = 0; i < (key->count ? key->count : 1) && n + 1 < ROWS_MAX; i++)
			if (!is_inner(key) && !is_among(own, count, key->name))
				rows[n++] = setting_row(arena, key, i);
	return rows;
}

const char *const (*settings_given(struct arena *arena, const struct options *given,
				   const struct option_row *own, size_t own_count,
				   size_t *count))[2]
{
	const char *(*pairs)[2] = arena_array(arena, given->count + 1, sizeof(*pairs));

	*count = 0;
	for (size_t i = 0; i < given->count; i++) {
		if (is_among(own, own_count, given->given[i].row->name))
			continue;
		pairs[*count][0] = given->given[i].row->name;
		pairs[(*count)++][1] = given->given[i].value;
	}
	return (const char *const(*)[2])pairs;
}
