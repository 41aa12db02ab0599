#include "cli/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/description.h"
#include "pve/pending.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"current", 0, NULL, "without what waits for a restart"},
	{"snapshot", 0, "NAME", "the config of a snapshot"},
	{},
};

/* What is printed for a key: a variable's value may have NUL bytes between. */
struct line {
	const char *key;
	const char *value;
	size_t length;
};

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->key, ((const struct line *)b)->key);
}

/* All variables are one value, as Proxmox keeps them: with NUL bytes between. */
static struct line env_line(struct arena *arena, const struct pve_entries *env)
{
	cleanup_(text_free) struct text text = {};
	struct line line = {.key = "env"};

	entry_each(entry, env)
	{
		if (text.length)
			text_addc(&text, '\0');
		text_add(&text, entry->value);
	}
	line.length = text.length;
	line.value = memcpy(arena_alloc(arena, text.length + 1), text_str(&text), text.length);
	return line;
}

static struct line description_line(struct arena *arena, const struct pve_section *section)
{
	cleanup_(text_free) struct text text = {};
	const char *value;

	description_encode(&text, section->description.at, section->description.length);
	value = arena_strdup(arena, text_str(&text));
	return (struct line){"description", value, strlen(value)};
}

static void print_section(struct arena *arena, const struct pve_section *section)
{
	struct line *lines;
	size_t count = 0;

	entry_each(entry, &section->options) count++;
	lines = arena_array(arena, count + 2, sizeof(*lines));
	count = 0;
	entry_each(entry, &section->options) lines[count++] =
		(struct line){entry->key, entry->value, strlen(entry->value)};
	if (section->description.length)
		lines[count++] = description_line(arena, section);
	if (section->env.first)
		lines[count++] = env_line(arena, &section->env);
	qsort(lines, count, sizeof(*lines), by_key);
	for (size_t i = 0; i < count; i++) {
		(void)printf("%s: ", lines[i].key);
		(void)fwrite(lines[i].value, 1, lines[i].length, stdout);
		(void)putchar('\n');
	}
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
	.words = "<vmid>",
	.help = "print a container's config, as it will be after a restart",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
