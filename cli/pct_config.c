#include "cli/pct.h"

#include "lib/arena.h"
#include "lib/err.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"snapshot", 0, "NAME", "the config of a snapshot"},
	{},
};

static int by_key(const void *a, const void *b)
{
	const struct pve_entry *const *left = a, *const *right = b;

	return strcmp((*left)->key, (*right)->key);
}

static void print_options(struct arena *arena, const struct pve_section *section)
{
	const struct pve_entry **sorted;
	size_t count = 0, n = 0;

	entry_each(entry, &section->options) count++;
	sorted = arena_array(arena, count, sizeof(*sorted));
	entry_each(entry, &section->options) sorted[n++] = entry;
	qsort(sorted, count, sizeof(*sorted), by_key);
	for (size_t i = 0; i < count; i++)
		(void)printf("%s: %s\n", sorted[i]->key, sorted[i]->value);
}

static void print_section(struct pct *pct, const struct pve_section *section)
{
	print_options(pct->arena, section);
	entry_each(entry, &section->env)(void) printf("%s: %s\n", entry->key, entry->value);
	entry_each(entry, &section->raw)(void) printf("%s: %s\n", entry->key, entry->value);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	const char *name = option_value(given, "snapshot");
	const struct pve_section *section = &conf.main;
	int r;

	r = pct_load(pct, given->words[0], &conf, err);
	if (r < 0)
		return r;
	if (name)
		section = conf_snapshot(&conf, name);
	if (!section)
		return err_plain(err, -EINVAL, "snapshot '%s' does not exist", name);
	print_section(pct, section);
	return 0;
}

const struct pct_verb pct_config = {
	.name = "config",
	.words = "<vmid>",
	.help = "print a container's current config",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
