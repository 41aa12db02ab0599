#include "pve/conf/pending.h"

#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/conf/edit.h"
#include "pve/conf/mount.h"
#include "pve/conf/value.h"

#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------------- the list of deletions */

/* struct deletion - one key of the list; '!' before it says that force was meant, which containers
 * don't know */
struct deletion {
	const char *rest;
	const char *at; /* with its mark */
	size_t length;
};

static struct deletion first_deletion(const struct pve_conf *conf)
{
	const struct pve_entry *list = conf_find(&conf->pending, "delete");

	return (struct deletion){.rest = list ? list->value : ""};
}

static bool next_deletion(struct deletion *item)
{
	item->at = value_next(&item->rest, &item->length);
	return item->at;
}

static const char *deletion_key(struct pve_conf *conf, const struct deletion *item)
{
	size_t mark = *item->at == '!';

	return arena_strndup(&conf->arena, item->at + mark, item->length - mark);
}

static bool is_deletion_of(const struct deletion *item, const char *key)
{
	size_t mark = *item->at == '!';

	return item->length - mark == strlen(key) &&
	       strncmp(item->at + mark, key, item->length - mark) == 0;
}

bool pending_deletes(const struct pve_conf *conf, const char *key)
{
	for (struct deletion item = first_deletion(conf); next_deletion(&item);)
		if (is_deletion_of(&item, key))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The list anew, sorted, without @without and with @with; either may be NULL. */
static void change_list(struct pve_conf *conf, const char *without, const char *with)
{
	cleanup_(text_free) struct text text = {};
	const char **items =
		arena_array(&conf->arena, strlen(first_deletion(conf).rest) + 2, sizeof(*items));
	size_t count = 0;

	for (struct deletion item = first_deletion(conf); next_deletion(&item);)
		if (!without || !is_deletion_of(&item, without))
			items[count++] = arena_strndup(&conf->arena, item.at, item.length);
	if (with)
		items[count++] = with;
	qsort(items, count, sizeof(*items), by_name);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i ? "," : "", items[i]);
	if (count)
		conf_set(conf, &conf->pending, "delete", text_str(&text));
	else
		conf_delete(&conf->pending, "delete");
}

/* ------------------------------------------------------------------------- what is to be pending
 */

void pending_revert(struct pve_conf *conf, const char *key)
{
	conf_delete(&conf->pending, key);
	if (pending_deletes(conf, key))
		change_list(conf, key, NULL);
}

void pending_set(struct pve_conf *conf, const char *key, const char *value)
{
	pending_revert(conf, key);
	conf_set(conf, &conf->pending, key, value);
}

void pending_delete(struct pve_conf *conf, const char *key)
{
	conf_delete(&conf->pending, key);
	change_list(conf, key, key);
}

static bool same_description(const struct pve_section *a, const struct pve_section *b)
{
	return a->description.length == b->description.length &&
	       memcmp(a->description.at, b->description.at, a->description.length) == 0;
}

static bool same_entries(const struct pve_entries *a, const struct pve_entries *b)
{
	const struct pve_entry *one = a->first, *other = b->first;

	for (; one && other; one = one->next, other = other->next)
		if (strcmp(one->value, other->value) != 0)
			return false;
	return !one && !other;
}

static bool is_there(const struct pve_section *section, const char *key)
{
	if (strcmp(key, "description") == 0)
		return section->description.length;
	if (strcmp(key, "env") == 0)
		return section->env.first;
	return conf_find(section, key);
}

void pending_clean(struct pve_conf *conf)
{
	struct pve_section *main = &conf->main, *pending = &conf->pending;

	if (pending->description.length && same_description(main, pending))
		conf_delete(pending, "description");
	if (pending->env.first && same_entries(&main->env, &pending->env))
		conf_delete(pending, "env");
	entry_each(entry, &pending->options)
	{
		const struct pve_entry *now = conf_find(main, entry->key);

		if (now && strcmp(now->value, entry->value) == 0)
			conf_delete(pending, entry->key);
	}
	for (struct deletion item = first_deletion(conf); next_deletion(&item);) {
		const char *key = deletion_key(conf, &item);

		if (!is_there(main, key))
			change_list(conf, key, NULL);
	}
}

/* ------------------------------------------------------------------------------ the volumes */

/* The volume that @key has with @next is no longer unused, the one that it had now is. */
static void keep_volume(struct pve_conf *conf, const char *key, const char *next)
{
	struct arena *arena = &conf->arena;
	const struct pve_entry *entry = conf_find(&conf->main, key);
	const char *had = entry ? conf_mount_volume(arena, key, entry->value) : NULL;
	const char *has = next ? conf_mount_volume(arena, key, next) : NULL;
	const char *unused = has ? conf_unused_find(conf, has) : NULL;

	if (unused)
		conf_delete(&conf->main, unused);
	/* With all unusedN taken it is on its storage all the same: nothing here removes it. */
	if (had && (!has || strcmp(had, has) != 0))
		(void)conf_unused_add(conf, had);
}

/* ---------------------------------------------------------------------------------- applying */

static bool is_list(const struct pve_entry *entry)
{
	return strcmp(entry->key, "delete") == 0;
}

void pending_merge(struct pve_conf *conf, struct pve_section *section)
{
	for (struct deletion item = first_deletion(conf); next_deletion(&item);)
		conf_delete(section, deletion_key(conf, &item));
	entry_each(entry, &conf->pending.options)
	{
		if (!is_list(entry))
			entry_put(&conf->arena, &section->options, entry->key, entry->value,
				  entry->line);
	}
	if (conf->pending.description.length)
		section->description = conf->pending.description;
	if (conf->pending.env.first)
		section->env = conf->pending.env;
}

static void apply_deletion(struct pve_conf *conf, const char *key)
{
	keep_volume(conf, key, NULL);
	conf_delete(&conf->main, key);
}

/* Lines keep the number that they have in the file: who asked is the pending one. */
static void apply_value(struct pve_conf *conf, const char *key)
{
	const struct pve_entry *entry = conf_find(&conf->pending, key);

	if (strcmp(key, "description") == 0) {
		conf->main.description = conf->pending.description;
	} else if (strcmp(key, "env") == 0) {
		conf->main.env = conf->pending.env;
	} else {
		keep_volume(conf, key, entry->value);
		entry_put(&conf->arena, &conf->main.options, entry->key, entry->value, entry->line);
	}
}

bool pending_has(const struct pve_conf *conf, const char *key)
{
	return pending_deletes(conf, key) || is_there(&conf->pending, key);
}

bool pending_apply_key(struct pve_conf *conf, const char *key)
{
	bool deleted = pending_deletes(conf, key), set = is_there(&conf->pending, key);

	if (deleted)
		apply_deletion(conf, key);
	if (set)
		apply_value(conf, key);
	pending_revert(conf, key);
	return deleted || set;
}

bool pending_apply(struct pve_conf *conf)
{
	if (conf_section_empty(&conf->pending))
		return false;
	for (struct deletion item = first_deletion(conf); next_deletion(&item);)
		pending_apply_key(conf, deletion_key(conf, &item));
	entry_each(entry, &conf->pending.options)
	{
		if (!is_list(entry))
			pending_apply_key(conf, entry->key);
	}
	pending_apply_key(conf, "description");
	pending_apply_key(conf, "env");
	section_clear(&conf->pending);
	return true;
}
