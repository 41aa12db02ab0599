#include "pve/destroy.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/storage.h"

#include <string.h>

static bool names_volume(const char *key)
{
	return strcmp(key, "rootfs") == 0 || starts_with(key, "mp") || starts_with(key, "unused");
}

/* The volume of an option's value; NULL: a bind, a device, or somebody else's. */
static const char *own_volume(struct arena *arena, const struct pve_conf *conf, const char *value)
{
	char *volume = arena_strndup(arena, value, strcspn(value, ","));
	struct volume_name name;

	if (starts_with(volume, "volume="))
		volume += strlen("volume=");
	if (volume_parse(arena, volume, &name, NULL) < 0 || strcmp(name.owner, conf->id) != 0)
		return NULL;
	return volume;
}

static int free_section(const struct storages *storages, const struct pve_conf *conf,
			const struct pve_section *section, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	int r = 0;

	entry_each(entry, &section->options)
	{
		const char *volume;

		if (!names_volume(entry->key))
			continue;
		volume = own_volume(&arena, conf, entry->value);
		if (volume)
			r = storage_free(storages, volume, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int destroy_volumes(const struct etc *etc, const struct pve_conf *conf, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct storages storages;
	int r = storage_read(&arena, etc->folder, &storages, err);

	if (r == 0)
		r = free_section(&storages, conf, &conf->main, err);
	return r < 0 ? r : free_section(&storages, conf, &conf->pending, err);
}

static int check_allowed(const struct pve_conf *conf, struct err *err)
{
	const struct pve_entry *lock = conf_find(&conf->main, "lock");
	bool protected = false;
	int r = conf_bool(conf, &conf->main, "protection", &protected, err);

	if (r < 0)
		return r;
	if (protected)
		return err_plain(err, -EPERM, "can't remove CT %s - protection mode enabled",
				 conf->id);
	if (lock)
		return err_plain(err, -EBUSY, "CT is locked (%s)", lock->value);
	return 0;
}

int destroy_container(const struct etc *etc, const char *id, struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	cleanup_(conf_free) struct pve_conf conf = {};
	int r = etc_lock(etc, id, LOCK_SECONDS, NULL, &lock, err);

	if (r == 0)
		r = etc_load(etc, id, &conf, err);
	if (r == 0)
		r = check_allowed(&conf, err);
	if (r == 0)
		r = destroy_volumes(etc, &conf, err);
	return r < 0 ? r : etc_remove(etc, id, err);
}
