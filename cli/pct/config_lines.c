#include "cli/pct/config_lines.h"

#include "lib/arena.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/conf/description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct config_line *)a)->key, ((const struct config_line *)b)->key);
}

/* All variables are one value, as Proxmox keeps them: with NUL bytes between. */
static struct config_line env_line(struct arena *arena, const struct pve_entries *env)
{
	cleanup_(text_free) struct text text = {};
	struct config_line line = {.key = "env"};

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

static struct config_line description_line(struct arena *arena, const struct pve_section *section)
{
	cleanup_(text_free) struct text text = {};
	const char *value;

	description_encode(&text, section->description.at, section->description.length);
	value = arena_strdup(arena, text_str(&text));
	return (struct config_line){"description", value, strlen(value)};
}

struct config_line *config_lines(struct arena *arena, const struct pve_section *section,
				 size_t *count)
{
	struct config_line *lines;
	size_t n = 0;

	entry_each(entry, &section->options) n++;
	lines = arena_array(arena, n + 2, sizeof(*lines));
	n = 0;
	entry_each(entry, &section->options) lines[n++] =
		(struct config_line){entry->key, entry->value, strlen(entry->value)};
	if (section->description.length)
		lines[n++] = description_line(arena, section);
	if (section->env.first)
		lines[n++] = env_line(arena, &section->env);
	qsort(lines, n, sizeof(*lines), by_key);
	*count = n;
	return lines;
}

const struct config_line *config_line_find(const struct config_line *lines, size_t count,
					   const char *key)
{
	const struct config_line wanted = {.key = key};

	return bsearch(&wanted, lines, count, sizeof(*lines), by_key);
}

void config_line_print(const char *before, const struct config_line *line)
{
	(void)printf("%s%s: ", before, line->key);
	(void)fwrite(line->value, 1, line->length, stdout);
	(void)putchar('\n');
}
