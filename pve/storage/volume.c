#include "pve/storage/type.h"

#include "lib/err.h"
#include "lib/text.h"

#include <string.h>

/*
 * Volumes by their ids: what they are and where, and names for new ones.
 */

/* ------------------------------------------------------------------------------- looking up */

bool volume_is_plain(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

static int bad_volume(const char *volume, struct err *err)
{
	err_plain(err, -EINVAL, "'%s' is no volume of a container", volume);
	err_hint(err, "volumes look like local:100/vm-100-disk-0.raw");
	return -EINVAL;
}

/* "100/x". Return: where its file begins; NULL: it is none. */
static const char *read_owned(const char *text, size_t *digits)
{
	*digits = strspn(text, "0123456789");
	return *digits > 0 && text[*digits] == '/' ? text + *digits + 1 : NULL;
}

/* "100/base-100-disk-0.raw/101/vm-101-disk-0.raw": the base comes first. */
static const char *skip_base(struct arena *arena, const char *text, struct volume_name *name)
{
	size_t digits;
	const char *file = read_owned(text, &digits);
	const char *slash = file ? strchr(file, '/') : NULL;

	if (!slash || slash == file)
		return text;
	name->base = arena_strndup(arena, text, (size_t)(slash - text));
	return slash + 1;
}

int volume_parse(struct arena *arena, const char *volume, struct volume_name *name, struct err *err)
{
	const char *colon = strchr(volume, ':'), *owner, *file;
	size_t digits;

	*name = (struct volume_name){};
	if (!colon || colon == volume)
		return bad_volume(volume, err);
	owner = skip_base(arena, colon + 1, name);
	file = read_owned(owner, &digits);
	if (!file || !volume_is_plain(file))
		return bad_volume(volume, err);
	name->storage = arena_strndup(arena, volume, (size_t)(colon - volume));
	name->owner = arena_strndup(arena, owner, digits);
	name->file = arena_strdup(arena, file);
	name->subvol = ends_with(file, ".subvol");
	name->is_base = starts_with(file, "base-");
	return 0;
}

static int check_type(const struct storage *storage, struct err *err)
{
	if (storage->type && storage->type->ops && storage->path)
		return 0;
	err_plain(err, -EOPNOTSUPP, "storage '%s' is of type %s: volumes there aren't known here",
		  storage->name, storage->type_name);
	err_hint(err, "use a storage of type dir or btrfs");
	return -EOPNOTSUPP;
}

int volume_find(struct arena *arena, const struct storages *storages, const char *id,
		struct volume *volume, struct err *err)
{
	int r = volume_parse(arena, id, &volume->name, err);

	if (r == 0)
		r = storage_find(storages, volume->name.storage, &volume->storage, err);
	if (r == 0)
		r = check_type(volume->storage, err);
	if (r < 0)
		return r;
	volume->folder =
		arena_printf(arena, "%s/%s", storage_folder(arena, volume->storage, "images"),
			     volume->name.owner);
	volume->path = volume_ops(volume)->path(arena, volume->folder, &volume->name, NULL);
	return 0;
}

int storage_snapshot_path(struct arena *arena, const struct storages *storages, const char *volume,
			  const char *snapshot, const char **path, struct err *err)
{
	struct volume found;
	int r = volume_find(arena, storages, volume, &found, err);

	if (r < 0)
		return r;
	*path = volume_ops(&found)->path(arena, found.folder, &found.name, snapshot);
	return *path ? 0
		     : err_plain(err, -EOPNOTSUPP,
				 "volume %s has no snapshots: its storage has none", volume);
}

/* ------------------------------------------------------------------------------------- names */

/* A storage that @request can have a volume on. */
static int find_maker(const struct storages *storages, const char *name,
		      const struct storage **storage, struct err *err)
{
	int r = storage_find(storages, name, storage, err);

	if (r < 0)
		return r;
	if (!storage_allows(*storage, "rootdir"))
		return err_plain(err, -EINVAL,
				 "storage '%s' does not support container directories", name);
	return check_type(*storage, err);
}

static int free_name(struct arena *arena, const struct storage *storage, const char *id,
		     bool subvol, const char **volume, struct err *err)
{
	const char *folder =
		arena_printf(arena, "%s/%s", storage_folder(arena, storage, "images"), id);
	int number = storage_free_number(folder, id);

	if (number < 0)
		return err_set(err, number, "unable to allocate an image name in %s", folder);
	*volume = arena_printf(
		arena, subvol ? "%s:%s/subvol-%s-disk-%d.subvol" : "%s:%s/vm-%s-disk-%d.raw",
		storage->name, id, id, number);
	return 0;
}

int storage_name(struct arena *arena, const struct storages *storages,
		 const struct volume_request *request, const char **volume, struct err *err)
{
	const struct storage *storage;
	int r = find_maker(storages, request->storage, &storage, err);

	if (r < 0)
		return r;
	return free_name(arena, storage, request->id,
			 storage->type->ops->is_subvol(storage, request->size), volume, err);
}

int storage_name_like(struct arena *arena, const struct storages *storages, const char *volume,
		      const char *id, const char **name, struct err *err)
{
	struct volume found;
	int r = volume_find(arena, storages, volume, &found, err);

	return r < 0 ? r : free_name(arena, found.storage, id, found.name.subvol, name, err);
}

int storage_name_base(struct arena *arena, const struct storages *storages, const char *volume,
		      const char **name, struct err *err)
{
	struct volume_name parts;
	int r = volume_parse(arena, volume, &parts, err);

	if (r < 0)
		return r;
	*name = parts.is_base ? arena_strdup(arena, volume)
			      : arena_printf(arena, "%s:%s/base%s", parts.storage, parts.owner,
					     strchr(parts.file, '-') ?: parts.file);
	return 0;
}

const char **storage_list(struct arena *arena, const struct storages *storages, const char *id)
{
	const char **all = arena_array(arena, 1, sizeof(*all));
	size_t count = 0;

	for (const struct storage *at = storages->first; at; at = at->next) {
		const struct storage *storage;
		const char **files, **more, *folder;
		size_t found;

		if (find_maker(storages, at->name, &storage, NULL) < 0)
			continue;
		folder = arena_printf(arena, "%s/%s", storage_folder(arena, at, "images"), id);
		found = storage_disks(arena, at->type->ops, folder, id, &files);
		more = arena_array(arena, count + found + 1, sizeof(*more));
		memcpy(more, all, count * sizeof(*more));
		for (size_t i = 0; i < found; i++)
			more[count++] = arena_printf(arena, "%s:%s/%s", at->name, id, files[i]);
		all = more;
	}
	return all;
}

/* ------------------------------------------------------------------------------ what they are */

int storage_size(const struct storages *storages, const char *id, uint64_t *size, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct volume volume;
	int r = volume_find(&arena, storages, id, &volume, err);

	return r < 0 ? r : volume_ops(&volume)->size(&volume, size, err);
}

bool storage_can(const struct storages *storages, const char *id, enum volume_feature feature,
		 const char *snapshot)
{
	cleanup_(arena_free) struct arena arena = {};
	struct volume volume;
	unsigned int allowed, state;

	if (volume_find(&arena, storages, id, &volume, NULL) < 0)
		return false;
	allowed = volume.name.subvol ? volume_ops(&volume)->features[feature].subvol
				     : volume_ops(&volume)->features[feature].image;
	state = snapshot ? VOLUME_SNAPPED : volume.name.is_base ? VOLUME_BASE : VOLUME_CURRENT;
	return allowed & state;
}
