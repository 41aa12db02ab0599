#include "pve/pending.h"

#include "lib/text.h"
#include "pve/conf.h"
#include "pve/conf_edit.h"
#include "pve/property.h"
#include "pve/value.h"

#include <string.h>

enum { UNUSED_MAX = 256 };

static bool is_delete(const struct pve_entry *entry)
{
	return strcmp(entry->key, "delete") == 0;
}

/* The storage's volume that an mpN line names; NULL: it is no such line. */
static const char *mount_volume(struct pve_conf *conf, const char *key, const char *value)
{
	struct pve_mount mount = {};

	if (!value || !starts_with(key, "mp") ||
	    property_read(&conf->arena, pve_mp_properties, value, &mount, NULL) < 0)
		return NULL;
	return pve_mount_kind(mount.volume) == PVE_MOUNT_VOLUME ? mount.volume : NULL;
}

static bool is_unused(const struct pve_section *section, const char *volume)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(section, "unused", &i)); i++)
		if (strcmp(entry->value, volume) == 0)
			return true;
	return false;
}

/* The lowest unusedN that is free. With all of them taken the volume is on its storage all the
 * same: nothing here removes it. */
static void keep_unused(struct pve_conf *conf, const char *volume)
{
	if (is_unused(&conf->main, volume))
		return;
	for (unsigned int i = 0; i < UNUSED_MAX; i++) {
		const char *key = arena_printf(&conf->arena, "unused%u", i);

		if (conf_find(&conf->main, key))
			continue;
		conf_set(conf, &conf->main, key, volume);
		return;
	}
}

/* The volume that @key had, and no longer has with @next. */
static void keep_volume(struct pve_conf *conf, const char *key, const char *next)
{
	const struct pve_entry *entry = conf_find(&conf->main, key);
	const char *had = mount_volume(conf, key, entry ? entry->value : NULL);
	const char *has = mount_volume(conf, key, next);

	if (had && (!has || strcmp(had, has) != 0))
		keep_unused(conf, had);
}

/* Each key of the list; '!' before it says that force was meant, which containers don't know. */
static void each_deleted(struct pve_conf *conf, struct pve_section *section, bool keep)
{
	const struct pve_entry *list = conf_find(&conf->pending, "delete");
	const char *rest = list ? list->value : "", *item;
	size_t length;

	while ((item = value_next(&rest, &length))) {
		size_t mark = *item == '!';
		const char *key = arena_strndup(&conf->arena, item + mark, length - mark);

		if (keep)
			keep_volume(conf, key, NULL);
		conf_delete(section, key);
	}
}

/* Lines keep the number that they have in the file: who asked is the pending one. */
static void each_set(struct pve_conf *conf, struct pve_section *section, bool keep)
{
	entry_each(entry, &conf->pending.options)
	{
		if (is_delete(entry))
			continue;
		if (keep)
			keep_volume(conf, entry->key, entry->value);
		entry_put(&conf->arena, &section->options, entry->key, entry->value, entry->line);
	}
	if (conf->pending.description.length)
		section->description = conf->pending.description;
	if (conf->pending.env.first)
		section->env = conf->pending.env;
}

void pending_merge(struct pve_conf *conf, struct pve_section *section)
{
	each_deleted(conf, section, false);
	each_set(conf, section, false);
}

bool pending_apply(struct pve_conf *conf)
{
	if (conf_section_empty(&conf->pending))
		return false;
	each_deleted(conf, &conf->main, true);
	each_set(conf, &conf->main, true);
	section_clear(&conf->pending);
	return true;
}
