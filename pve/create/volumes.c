#include "pve/create/parts.h"

#include "lib/text.h"
#include "pve/change/option.h"
#include "pve/conf/mount.h"
#include "pve/conf/schema.h"

#include <string.h>

#define DEFAULT_GIB "4"

/* ------------------------------------------------------------------------ what is asked for */

/* Each holds ids 0 and up where that was asked for. */
static int read_idmap(struct creation *creation, struct new_volume *volume, struct err *err)
{
	if (creation->request->shift_free && volume->storage && !volume->mount.idmap)
		volume->mount.idmap = "passthrough";
	return new_volume_map(&creation->arena, &creation->map, volume, err);
}

/* Could the storage have a volume like it? The name is chosen again when it is made. */
static int check_storage(struct creation *creation, struct new_volume *volume, struct err *err)
{
	const struct volume_request request = new_volume_request(volume, creation->request->id);
	const char *id;

	return storage_name(&creation->arena, &creation->storages, &request, &id, err);
}

static int read_volume(struct creation *creation, struct new_volume *volume, struct err *err)
{
	const char *otherwise = creation->request->storage ? creation->request->storage : "local";
	int r;

	if (pve_mount_kind(volume->mount.volume) != PVE_MOUNT_VOLUME) {
		err_plain(err, -EINVAL, "a new container is extracted into a volume, not into %s",
			  volume->mount.volume);
		err_hint(err, "write STORAGE:GIB: local:8");
		return -EINVAL;
	}
	if (new_volume_asked(&creation->arena, otherwise, volume))
		r = check_storage(creation, volume, err);
	else
		r = new_volume_find(&creation->arena, &creation->storages, creation->request->id,
				    volume, err);
	return r < 0 ? r : read_idmap(creation, volume, err);
}

/* Binds and devices are somebody's already: only the line is kept, nothing is written there. */
static bool is_foreign(const char *key, const struct pve_mount *mount)
{
	return strcmp(key, "rootfs") != 0 && pve_mount_kind(mount->volume) != PVE_MOUNT_VOLUME;
}

static int add_volume(struct creation *creation, const char *key, const char *text,
		      struct new_volume ***end, struct err *err)
{
	struct new_volume *volume = arena_alloc(&creation->arena, sizeof(*volume));
	int r;

	volume->key = key;
	r = property_read(&creation->arena, conf_mount_table(key), text, &volume->mount, err);
	if (r == 0 && is_foreign(key, &volume->mount)) {
		conf_mount_set(&creation->conf, &creation->conf.main, key, &volume->mount);
		return 0;
	}
	if (r == 0)
		r = read_volume(creation, volume, err);
	if (r < 0)
		return option_bad(key, r, err);
	**end = volume;
	*end = &volume->next;
	return 0;
}

static bool has_mount_points(const struct creation *creation)
{
	for (size_t i = 0; i < creation->request->count; i++)
		if (starts_with(creation->request->options[i][0], "mp"))
			return true;
	return false;
}

int creation_read_volumes(struct creation *creation, struct err *err)
{
	struct new_volume **end = &creation->volumes;
	const char *root = creation_option(creation, "rootfs");
	int r;

	if (!root && has_mount_points(creation))
		return err_plain(err, -EINVAL,
				 "mount points configured, but 'rootfs' not set - aborting");
	r = add_volume(creation, "rootfs", root ? root : DEFAULT_GIB, &end, err);
	for (unsigned int i = 0; r == 0 && i < schema_find("mp0")->count; i++) {
		const char *key = arena_printf(&creation->arena, "mp%u", i);
		const char *text = creation_option(creation, key);

		if (text)
			r = add_volume(creation, key, text, &end, err);
	}
	return r;
}

/* -------------------------------------------------------------------------------- making them */

/* Its name is in the config, on the disk, before it is made: whatever ends us in between, the
 * config names all there is. */
static int make_volume(struct creation *creation, struct new_volume *volume, struct err *err)
{
	const struct volume_request request = new_volume_request(volume, creation->request->id);
	const char *id;
	int r = storage_name(&creation->arena, &creation->storages, &request, &id, err);

	if (r < 0)
		return r;
	volume->mount.volume = id;
	volume->mount.size = (struct opt_u64){true, volume->size};
	conf_mount_set(&creation->conf, &creation->conf.main, volume->key, &volume->mount);
	r = etc_save(creation->request->etc, &creation->conf, err);
	if (r == 0)
		r = storage_make(&creation->arena, &creation->storages, &request, id, err);
	if (r == 0)
		r = storage_path(&creation->arena, &creation->storages, id, &volume->path, err);
	return r;
}

int creation_make_volumes(struct creation *creation, struct err *err)
{
	int r = 0;

	for (struct new_volume *at = creation->volumes; at && r == 0; at = at->next) {
		if (at->storage)
			r = make_volume(creation, at, err);
		else
			conf_mount_set(&creation->conf, &creation->conf.main, at->key, &at->mount);
		if (r < 0)
			err_add(err, "%s", at->key);
	}
	return r < 0 ? r : etc_save(creation->request->etc, &creation->conf, err);
}

void creation_free_volumes(struct creation *creation)
{
	for (struct new_volume *at = creation->volumes; at; at = at->next)
		if (at->storage &&
		    at->path) /* the first failure is what the reader wants to know */
			(void)storage_free(&creation->storages, at->mount.volume, NULL);
}
