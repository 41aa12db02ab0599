#include "pve/conf/conf.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/schema.h"
#include "pve/conf/value.h"

#include <string.h>

void conf_init(struct pve_conf *conf, const char *id)
{
	*conf = (struct pve_conf){};
	conf->id = arena_strdup(&conf->arena, id);
	conf->name = arena_printf(&conf->arena, "%s.conf", id);
	conf->main.name = "";
	conf->pending.name = "pve:pending";
}

void conf_free(struct pve_conf *conf)
{
	if (!conf)
		return;
	arena_free(&conf->arena);
	*conf = (struct pve_conf){};
}

static struct pve_entry *entry_find(const struct pve_entries *list, const char *key)
{
	entry_each(entry, list) if (strcmp(entry->key, key) == 0) return entry;
	return NULL;
}

const struct pve_entry *conf_find(const struct pve_section *section, const char *key)
{
	return entry_find(&section->options, key);
}

const char *conf_value(const struct pve_section *section, const char *key)
{
	const struct pve_entry *entry = conf_find(section, key);

	return entry ? entry->value : schema_default(key);
}

/* What the reader warned about and kept, met by somebody who needs it. */
static int value_error(const struct pve_conf *conf, const struct pve_entry *entry,
		       const char *expected, struct err *err)
{
	struct arena arena = {};

	err_plain(err, -EINVAL, "%s: '%s' is no %s", entry->key, entry->value, expected);
	err_origin(err, conf_origin(&arena, conf, entry));
	arena_free(&arena);
	return -EINVAL;
}

int conf_bool(const struct pve_conf *conf, const struct pve_section *section, const char *key,
	      bool *value, struct err *err)
{
	const char *text = conf_value(section, key);
	int r = text ? value_bool(text) : 0;

	if (r < 0)
		return value_error(conf, conf_find(section, key), "boolean", err);
	*value = r;
	return 0;
}

int conf_u64(const struct pve_conf *conf, const struct pve_section *section, const char *key,
	     struct opt_u64 *value, struct err *err)
{
	const char *text = conf_value(section, key);
	struct opt_u64 read = {.set = text};

	if (text && parse_u64(text, &read.value) < 0)
		return value_error(conf, conf_find(section, key), "integer", err);
	*value = read;
	return 0;
}

/* Is @key the @family's, with an index that the schema has? */
static bool key_index(const char *key, const char *family, unsigned int *index)
{
	size_t length = strlen(family);

	return strncmp(key, family, length) == 0 && schema_find(key) &&
	       parse_u32(key + length, index) == 0;
}

const struct pve_entry *conf_indexed(const struct pve_section *section, const char *family,
				     unsigned int *index)
{
	const struct pve_entry *found = NULL;
	unsigned int lowest = 0;

	entry_each(entry, &section->options)
	{
		unsigned int at;

		if (!key_index(entry->key, family, &at) || at < *index || (found && at > lowest))
			continue;
		found = entry;
		lowest = at;
	}
	if (found)
		*index = lowest;
	return found;
}

bool conf_unprivileged(const struct pve_section *section)
{
	const char *value = conf_value(section, "unprivileged");

	return (value && value_bool(value) != 0) || entry_find(&section->raw, "lxc.idmap") ||
	       entry_find(&section->raw, "lxc.id_map");
}

const char *conf_origin(struct arena *arena, const struct pve_conf *conf,
			const struct pve_entry *entry)
{
	if (!entry->line)
		return arena_printf(arena, "%s: in %s", entry->key, conf->name);
	return arena_printf(arena, "%s: in %s, line %u", entry->key, conf->name, entry->line);
}

/* A file of another name is no container's. */
static const char *heading(struct arena *arena, const struct pve_conf *conf)
{
	const bool own = strcmp(conf->name, arena_printf(arena, "%s.conf", conf->id)) == 0;

	return own ? arena_printf(arena, "vm %s - ", conf->id) : "";
}

const char *conf_warning_text(struct arena *arena, const struct pve_conf *conf,
			      const struct pve_warning *warning)
{
	return arena_printf(arena, "%s%s%s%s (%s, line %u)", heading(arena, conf), warning->text,
			    warning->hint ? "; " : "", warning->hint ? warning->hint : "",
			    conf->name, warning->line);
}

struct pve_section *conf_snapshot(struct pve_conf *conf, const char *name)
{
	for (struct pve_section *at = conf->snapshots; at; at = at->next)
		if (strcmp(at->name, name) == 0)
			return at;
	return NULL;
}
