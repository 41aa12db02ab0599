#include "pve/change/volumes.h"

#include "lib/err.h"
#include "pve/change/change.h"
#include "pve/conf/idmap.h"
#include "pve/conf/mount.h"
#include "pve/conf/schema.h"
#include "pve/etc/etc.h"
#include "pve/lxc/idmap.h"
#include "pve/volumes/new.h"

#include <string.h>

/* ------------------------------------------------------------------------------ making them */

/* Does what is pending for @key ask for a volume? */
static bool read_pending(struct pve_conf *conf, const char *key, struct new_volume *volume)
{
	*volume = (struct new_volume){.key = key};
	return conf_is_mount(key) &&
	       conf_mount_read(conf, &conf->pending, key, &volume->mount, NULL) == 0 &&
	       pve_mount_kind(volume->mount.volume) == PVE_MOUNT_VOLUME &&
	       new_volume_asked(&conf->arena, NULL, volume);
}

bool change_asks(struct pve_conf *conf, struct changes *changes)
{
	struct new_volume volume;

	changes_begin(conf, changes);
	if (conf_section_empty(&conf->pending))
		return false;
	changes->keys =
		arena_array(&conf->arena, schema_find("mp0")->count + 1, sizeof(*changes->keys));
	for (const char **keys = conf_mount_keys(conf, &conf->pending); *keys; keys++)
		if (read_pending(conf, *keys, &volume))
			changes->keys[changes->count++] = *keys;
	return changes->count;
}

/* The file says nothing yet of what the request changes: after a crash it was not made. */
static int save(struct volume_changes *making, struct err *err)
{
	struct pve_section wanted = making->conf->pending;
	int r;

	making->conf->pending = making->changes->before;
	r = etc_save(making->etc, making->conf, err);
	making->conf->pending = wanted;
	return r;
}

static int make(struct volume_changes *making, struct new_volume *volume, struct err *err)
{
	const struct volume_request request = new_volume_request(volume, making->conf->id);
	struct pve_conf *conf = making->conf;
	const char *id, *unused = NULL;
	int r = storage_name(&conf->arena, making->storages, &request, &id, err);

	if (r == 0)
		r = conf_unused_name(conf, id, &unused, err);
	if (r < 0)
		return r;
	making->made[making->made_count++] = unused;
	r = save(making, err);
	if (r == 0)
		r = storage_make(&conf->arena, making->storages, &request, id, err);
	volume->mount.volume = id;
	volume->mount.size = (struct opt_u64){true, volume->size};
	conf_mount_set(conf, &conf->pending, volume->key, &volume->mount);
	return r;
}

static int make_one(struct volume_changes *making, const char *key, const struct idmap *map,
		    struct err *err)
{
	struct new_volume volume;
	int r;

	if (!read_pending(making->conf, key, &volume) ||
	    (making->running && !change_can_now(making->conf, key)))
		return 0;
	r = new_volume_map(&making->conf->arena, map, &volume, err);
	if (r == 0)
		r = make(making, &volume, err);
	if (r < 0)
		err_add(err, "%s", key);
	return r;
}

int change_make_volumes(struct volume_changes *making, struct err *err)
{
	struct pve_conf *conf = making->conf;
	struct idmap map = {};
	int r = conf_idmap(&conf->arena, &conf->main, &map, err);

	making->made_count = 0;
	making->made = arena_array(&conf->arena, making->changes->count + 1, sizeof(*making->made));
	for (size_t i = 0; r == 0 && i < making->changes->count; i++)
		r = make_one(making, making->changes->keys[i], &map, err);
	if (r < 0)
		change_unmake_volumes(making);
	return r;
}

static bool is_mounted(const struct volume_changes *changes, const char *volume)
{
	const char *path;

	return changes->mounted &&
	       storage_path(&changes->conf->arena, changes->storages, volume, &path, NULL) == 0 &&
	       changes->mounted(changes->data, path);
}

static bool unmake(const struct volume_changes *making, const char *volume)
{
	return !is_mounted(making, volume) && storage_free(making->storages, volume, NULL) == 0;
}

/* One that can't be removed stays named. The first failure is what the reader wants to know. */
void change_unmake_volumes(struct volume_changes *making)
{
	struct pve_section *main = &making->conf->main;

	for (size_t i = 0; i < making->made_count; i++)
		if (unmake(making, conf_find(main, making->made[i])->value))
			conf_delete(main, making->made[i]);
	if (making->made_count)
		(void)save(making, NULL);
	making->made_count = 0;
}

/* ----------------------------------------------------------------------------- freeing them */

/* Why a volume stays where it is, in the config's arena; NULL: nothing needs it. */
static const char *needed_by(struct pve_conf *conf, const char *volume)
{
	const char *snapshot = conf_snapshot_of(conf, volume);
	struct volume_name name;

	if (snapshot)
		return arena_printf(&conf->arena, "snapshot '%s' has it", snapshot);
	if (conf_section_uses(&conf->main, volume) || conf_section_uses(&conf->pending, volume))
		return "an mp[n] has it";
	if (volume_parse(&conf->arena, volume, &name, NULL) < 0 ||
	    strcmp(name.owner, conf->id) != 0)
		return arena_printf(&conf->arena, "CT %s isn't the owner", conf->id);
	return NULL;
}

static int free_one(struct volume_changes *freeing, const char *key, struct err *err)
{
	struct pve_conf *conf = freeing->conf;
	const struct pve_entry *entry = conf_find(&conf->main, key);
	const char *needed;
	int r = 0;

	if (!entry)
		return 0;
	needed = needed_by(conf, entry->value);
	if (needed)
		freeing->warn(freeing->data,
			      arena_printf(&conf->arena, "%s: volume '%s' is kept: %s", key,
					   entry->value, needed));
	else if (is_mounted(freeing, entry->value))
		r = err_plain(err, -EBUSY, "the running container has volume '%s' mounted",
			      entry->value);
	else
		r = storage_free(freeing->storages, entry->value, err);
	if (r == 0)
		conf_delete(&conf->main, key);
	else
		err_add(err, "%s", key);
	return r;
}

int change_free_volumes(struct volume_changes *freeing, struct err *err)
{
	const struct changes *changes = freeing->changes;
	int r = 0, saved;

	for (size_t i = 0; r == 0 && i < changes->freed_count; i++)
		r = free_one(freeing, changes->freed[i], err);
	saved = changes->freed_count ? etc_save(freeing->etc, freeing->conf, r < 0 ? NULL : err)
				     : 0;
	return r < 0 ? r : saved;
}
