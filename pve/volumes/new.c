#include "pve/volumes/new.h"

#include "lib/err.h"
#include "lib/own.h"
#include "pve/conf/value.h"
#include "pve/lxc/idmap.h"

#include <string.h>

#define GIB_MAX 1e6

bool new_volume_asked(struct arena *arena, const char *otherwise, struct new_volume *volume)
{
	const char *asked = volume->mount.volume;
	const char *colon = strchr(asked, ':');
	const char *number = colon ? colon + 1 : asked;
	double gib;

	if (colon == asked || (!colon && !otherwise) || !value_is_decimal(number))
		return false;
	gib = value_number(number);
	if (gib > GIB_MAX)
		return false;
	volume->storage = colon ? arena_strndup(arena, asked, (size_t)(colon - asked)) : otherwise;
	volume->size = (uint64_t)(gib * 1024) << 20;
	return true;
}

int new_volume_find(struct arena *arena, const struct storages *storages, const char *owner,
		    struct new_volume *volume, struct err *err)
{
	const char *id = volume->mount.volume;
	struct volume_name name;
	int r = volume_parse(arena, id, &name, err);

	if (r == 0 && owner && strcmp(name.owner, owner) != 0)
		r = err_plain(err, -EINVAL, "volume %s is CT %s's", id, name.owner);
	if (r == 0)
		r = storage_check_content(storages, id, "rootdir", err);
	if (r == 0)
		r = storage_path(arena, storages, id, &volume->path, err);
	if (r == 0 && access(volume->path, F_OK) < 0)
		r = err_set(err, -errno, "volume %s", id);
	if (r < 0)
		err_hint(err, "write STORAGE:GIB for a new volume: local:8");
	return r;
}

int new_volume_map(struct arena *arena, const struct idmap *container, struct new_volume *volume,
		   struct err *err)
{
	struct idmap *map = arena_alloc(arena, sizeof(*map));
	int r;

	volume->root_uid = idmap_root(&container->uid);
	volume->root_gid = idmap_root(&container->gid);
	if (!volume->mount.idmap || !idmap_has(container))
		return 0;
	r = idmap_mount_read(arena, volume->mount.idmap, container, map, err);
	if (r < 0)
		return r;
	volume->idmap = map;
	volume->root_uid = idmap_to_inside(&map->uid, volume->root_uid);
	volume->root_gid = idmap_to_inside(&map->gid, volume->root_gid);
	return 0;
}

struct volume_request new_volume_request(const struct new_volume *volume, const char *id)
{
	return (struct volume_request){
		.storage = volume->storage,
		.id = id,
		.size = volume->size,
		.uid = volume->root_uid,
		.gid = volume->root_gid,
	};
}
