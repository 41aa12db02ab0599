#include "pve/conf/conf.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/description.h"
#include "pve/conf/mount.h"

#include <string.h>

static bool key_is(const struct pve_entry *entry, const char *key)
{
	return strcmp(entry->key, key) == 0;
}

static int line_write(struct text *out, const struct pve_entry *entry, struct err *err)
{
	if (strchr(entry->value, '\n'))
		return err_plain(err, -EINVAL, "detected invalid newline inside property '%s'",
				 entry->key);
	text_addf(out, "%s: %s\n", entry->key, entry->value);
	return 0;
}

static int list_write(struct text *out, const struct pve_entries *list, struct err *err)
{
	int r = 0;

	for (const struct pve_entry *at = list->first; at && r == 0; at = at->next)
		r = line_write(out, at, err);
	return r;
}

/* What may stand in a snapshot, but not in the main section. */
static bool stays_out(const struct pve_section *section, const struct pve_entry *entry)
{
	if (*section->name)
		return false;
	return key_is(entry, "snapstate") ||
	       (starts_with(entry->key, "unused") && conf_section_uses(section, entry->value));
}

static int entry_order(const void *a, const void *b)
{
	return strcmp((*(const struct pve_entry *const *)a)->key,
		      (*(const struct pve_entry *const *)b)->key);
}

static int options_write(struct text *out, const struct pve_section *section, struct err *err)
{
	struct arena arena = {};
	const struct pve_entry **sorted;
	size_t count = 0;
	int r = 0;

	entry_each(entry, &section->options) count++;
	sorted = arena_array(&arena, count + 1, sizeof(struct pve_entry *));
	count = 0;
	entry_each(entry, &section->options) if (!stays_out(section, entry)) sorted[count++] =
		entry;
	qsort(sorted, count, sizeof(sorted[0]), entry_order);
	for (size_t i = 0; i < count && r == 0; i++)
		r = line_write(out, sorted[i], err);
	arena_free(&arena);
	return r;
}

static int section_write(struct text *out, const struct pve_section *section, struct err *err)
{
	int r;

	if (*section->name)
		text_addf(out, "\n[%s]\n", section->name);
	description_write(out, section->description.at, section->description.length);
	r = options_write(out, section, err);
	if (r == 0)
		r = list_write(out, &section->env, err);
	if (r == 0)
		r = list_write(out, &section->raw, err);
	return r;
}

/* The snapshot that comes after @name by name, NULL: none. */
static const struct pve_section *snapshot_after(const struct pve_conf *conf, const char *name)
{
	const struct pve_section *next = NULL;

	for (const struct pve_section *at = conf->snapshots; at; at = at->next)
		if (strcmp(at->name, name) > 0 && (!next || strcmp(at->name, next->name) < 0))
			next = at;
	return next;
}

int conf_write(const struct pve_conf *conf, struct text *out, struct err *err)
{
	const struct pve_section *snapshot = NULL;
	const char *name = "";
	int r = section_write(out, &conf->main, err);

	if (r == 0 && !conf_section_empty(&conf->pending))
		r = section_write(out, &conf->pending, err);
	while (r == 0 && (snapshot = snapshot_after(conf, name))) {
		r = section_write(out, snapshot, err);
		name = snapshot->name;
	}
	return r;
}
