#include "cli/pct/config_lines.h"
#include "cli/pct/pct.h"

#include "lib/err.h"
#include "pve/conf/pending.h"

#include <stdio.h>

static const struct option_row options[] = {
	{"current", 0, NULL, "without what waits for a restart"},
	{"snapshot", 0, "NAME", "the config of a snapshot"},
	{},
};

static void print_section(struct arena *arena, const struct pve_section *section)
{
	size_t count;
	const struct config_line *lines = config_lines(arena, section, &count);

	for (size_t n = 0; n < count; n++)
		config_line_print("", &lines[n]);
	entry_each(entry, &section->raw)(void) printf("%s: %s\n", entry->key, entry->value);
}

static int find_section(struct pve_conf *conf, const struct options *given,
			const struct pve_section **section, struct err *err)
{
	const char *name = option_value(given, "snapshot");

	if (name && option_flag(given, "current"))
		return err_plain(
			err, -EINVAL,
			"400 Parameter verification failed. snapshot: cannot use 'snapshot' "
			"with 'current'");
	*section = name ? conf_snapshot(conf, name) : &conf->main;
	if (!*section)
		return err_plain(err, -EINVAL, "snapshot '%s' does not exist", name);
	if (!name && !option_flag(given, "current"))
		pending_merge(conf, &conf->main);
	return 0;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	const struct pve_section *section;
	int r;

	r = pct_load(pct, given->words[0], &conf, err);
	if (r == 0)
		r = find_section(&conf, given, &section, err);
	if (r == 0)
		print_section(pct->arena, section);
	return r;
}

const struct pct_verb pct_config = {
	.name = "config",
	.reads = true,
	.words = "<vmid>",
	.help = "print a container's config, as it will be after a restart",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
