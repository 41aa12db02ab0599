#include "pve/conf/mount.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/conf/property.h"
#include "pve/conf/schema.h"

#include <string.h>

const struct property *conf_mount_table(const char *key)
{
	return strcmp(key, "rootfs") == 0 ? pve_rootfs_properties : pve_mp_properties;
}

bool conf_is_mount(const char *key)
{
	return strcmp(key, "rootfs") == 0 || (starts_with(key, "mp") && schema_find(key));
}

const char **conf_mount_keys(struct pve_conf *conf, const struct pve_section *section)
{
	const char **keys = arena_array(&conf->arena, schema_find("mp0")->count + 2, sizeof(*keys));
	const struct pve_entry *entry = conf_find(section, "rootfs");
	size_t count = 0;

	if (entry)
		keys[count++] = entry->key;
	for (unsigned int i = 0; (entry = conf_indexed(section, "mp", &i)); i++)
		keys[count++] = entry->key;
	return keys;
}

int conf_mount_read(struct pve_conf *conf, const struct pve_section *section, const char *key,
		    struct pve_mount *mount, struct err *err)
{
	const struct pve_entry *entry = conf_find(section, key);
	int r;

	*mount = (struct pve_mount){};
	if (!entry)
		return err_plain(err, -ENOENT, "CT %s has no %s", conf->id, key);
	r = property_read(&conf->arena, conf_mount_table(key), entry->value, mount, err);
	if (r < 0)
		err_origin(err, conf_origin(&conf->arena, conf, entry));
	return r;
}

void conf_mount_set(struct pve_conf *conf, struct pve_section *section, const char *key,
		    const struct pve_mount *mount)
{
	conf_set(conf, section, key, property_write(&conf->arena, conf_mount_table(key), mount));
}

const char *conf_unused_find(const struct pve_conf *conf, const char *volume)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&conf->main, "unused", &i)); i++)
		if (strcmp(entry->value, volume) == 0)
			return entry->key;
	return NULL;
}

const char *conf_unused_add(struct pve_conf *conf, const char *volume)
{
	const char *key = conf_unused_find(conf, volume);

	for (unsigned int i = 0; !key && i < schema_find("unused0")->count; i++) {
		const char *free_key = arena_printf(&conf->arena, "unused%u", i);

		if (conf_find(&conf->main, free_key))
			continue;
		conf_set(conf, &conf->main, free_key, volume);
		key = free_key;
	}
	return key;
}

int conf_unused_name(struct pve_conf *conf, const char *volume, const char **key, struct err *err)
{
	*key = conf_unused_add(conf, volume);
	return *key ? 0
		    : err_plain(err, -ENOSPC,
				"Too many unused volumes - please delete them first.");
}

const char *conf_mount_volume(struct arena *arena, const char *key, const char *value)
{
	struct pve_mount mount = {};

	if (!conf_is_mount(key) ||
	    property_read(arena, conf_mount_table(key), value, &mount, NULL) < 0)
		return NULL;
	return pve_mount_kind(mount.volume) == PVE_MOUNT_VOLUME ? mount.volume : NULL;
}

bool conf_section_uses(const struct pve_section *section, const char *volume)
{
	cleanup_(arena_free) struct arena arena = {};

	entry_each(entry, &section->options)
	{
		const char *used = conf_mount_volume(&arena, entry->key, entry->value);

		if (used && strcmp(used, volume) == 0)
			return true;
	}
	return false;
}

const char *conf_snapshot_of(const struct pve_conf *conf, const char *volume)
{
	for (const struct pve_section *at = conf->snapshots; at; at = at->next)
		if (conf_section_uses(at, volume))
			return at->name;
	return NULL;
}
