#include "pve/conf/edit.h"

#include "pve/conf/conf.h"

#include <string.h>

#define ENVIRONMENT "lxc.environment.runtime"

struct pve_entry *entry_add(struct arena *arena, struct pve_entries *list, const char *key,
			    const char *value, unsigned int line)
{
	struct pve_entry *entry = arena_alloc(arena, sizeof(*entry));

	*entry = (struct pve_entry){.key = key, .value = value, .line = line};
	if (list->last)
		list->last->next = entry;
	else
		list->first = entry;
	list->last = entry;
	return entry;
}

struct pve_entry *entry_put(struct arena *arena, struct pve_entries *list, const char *key,
			    const char *value, unsigned int line)
{
	entry_each(entry, list)
	{
		if (strcmp(entry->key, key) != 0)
			continue;
		entry->value = value;
		entry->earlier = 0;
		entry->line = line;
		return entry;
	}
	return entry_add(arena, list, key, value, line);
}

static bool entry_remove(struct pve_entries *list, const char *key)
{
	struct pve_entry *before = NULL;

	entry_each(entry, list)
	{
		if (strcmp(entry->key, key) == 0) {
			*(before ? &before->next : &list->first) = entry->next;
			if (list->last == entry)
				list->last = before;
			return true;
		}
		before = entry;
	}
	return false;
}

static void entries_copy(struct arena *arena, struct pve_entries *to,
			 const struct pve_entries *from)
{
	*to = (struct pve_entries){};
	entry_each(entry, from) entry_add(arena, to, entry->key, entry->value, entry->line);
}

void section_clear(struct pve_section *section)
{
	section->description.at = NULL;
	section->description.length = 0;
	section->options = (struct pve_entries){};
	section->env = (struct pve_entries){};
	section->raw = (struct pve_entries){};
}

struct pve_section *conf_snapshot_add(struct pve_conf *conf, const char *name)
{
	struct pve_section *section = conf_snapshot(conf, name);
	struct pve_section **end = &conf->snapshots;

	if (section) {
		section_clear(section);
		return section;
	}
	section = arena_alloc(&conf->arena, sizeof(*section));
	section->name = arena_strdup(&conf->arena, name);
	while (*end)
		end = &(*end)->next;
	*end = section;
	return section;
}

bool conf_snapshot_delete(struct pve_conf *conf, const char *name)
{
	for (struct pve_section **at = &conf->snapshots; *at; at = &(*at)->next) {
		if (strcmp((*at)->name, name) != 0)
			continue;
		*at = (*at)->next;
		return true;
	}
	return false;
}

static void description_set(struct pve_conf *conf, struct pve_section *section, const char *value)
{
	section->description.at = *value ? arena_strdup(&conf->arena, value) : NULL;
	section->description.length = strlen(value);
}

void conf_env_add(struct pve_conf *conf, struct pve_section *section, const char *variable)
{
	entry_add(&conf->arena, &section->env, ENVIRONMENT, arena_strdup(&conf->arena, variable),
		  0);
}

void conf_raw_add(struct pve_conf *conf, struct pve_section *section, const char *key,
		  const char *value)
{
	entry_add(&conf->arena, &section->raw, arena_strdup(&conf->arena, key),
		  arena_strdup(&conf->arena, value), 0);
}

void conf_set(struct pve_conf *conf, struct pve_section *section, const char *key,
	      const char *value)
{
	if (strcmp(key, "description") == 0) {
		description_set(conf, section, value);
		return;
	}
	if (strcmp(key, "env") == 0) {
		section->env = (struct pve_entries){};
		conf_env_add(conf, section, value);
		return;
	}
	entry_put(&conf->arena, &section->options, arena_strdup(&conf->arena, key),
		  arena_strdup(&conf->arena, value), 0);
}

bool conf_delete(struct pve_section *section, const char *key)
{
	bool had;

	if (strcmp(key, "description") == 0) {
		had = section->description.at;
		section->description.at = NULL;
		section->description.length = 0;
		return had;
	}
	if (strcmp(key, "env") == 0) {
		had = section->env.first;
		section->env = (struct pve_entries){};
		return had;
	}
	return entry_remove(&section->options, key);
}

bool conf_section_empty(const struct pve_section *section)
{
	for (size_t i = 0; i < section->description.length; i++)
		if (section->description.at[i] != '\n')
			return false;
	return !section->options.first && !section->env.first && !section->raw.first;
}

void conf_section_copy(struct pve_conf *conf, struct pve_section *to,
		       const struct pve_section *from)
{
	to->description = from->description;
	entries_copy(&conf->arena, &to->options, &from->options);
	entries_copy(&conf->arena, &to->env, &from->env);
	entries_copy(&conf->arena, &to->raw, &from->raw);
}
