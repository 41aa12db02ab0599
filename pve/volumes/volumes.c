#include "pve/volumes/volumes.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/mountinfo.h"
#include "lib/sys.h"
#include "pve/conf/idmap.h"
#include "pve/conf/mount.h"
#include "pve/etc/etc.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>

const char *volumes_place(struct arena *arena, const struct etc *etc, const char *id)
{
	if (etc->lock_folder)
		return arena_printf(arena, "%s/mounted/%s/rootfs", etc->folder, id);
	return arena_printf(arena, "/var/lib/lxc/%s/rootfs", id);
}

/* --------------------------------------------------------------------------------- finding */

static int find_path(const struct storages *storages, struct arena *arena,
		     struct new_volume *volume, struct err *err)
{
	const char *name = volume->mount.volume;

	if (pve_mount_kind(name) == PVE_MOUNT_VOLUME)
		return storage_resolve((void *)storages, arena, name, &volume->path, err);
	volume->path = name;
	return 0;
}

static int read_one(struct volumes *volumes, const struct storages *storages, const char *key,
		    struct new_volume *volume, struct err *err)
{
	struct pve_conf *conf = volumes->conf;
	int r = conf_mount_read(conf, &conf->main, key, &volume->mount, err);

	volume->key = key;
	if (r == 0)
		r = find_path(storages, &conf->arena, volume, err);
	if (r == 0 && access(volume->path, F_OK) < 0)
		r = err_set(err, -errno, "volume %s", volume->mount.volume);
	if (r == 0)
		r = new_volume_map(&conf->arena, &volumes->map, volume, err);
	if (r < 0)
		err_origin(err, conf_origin(&conf->arena, conf, conf_find(&conf->main, key)));
	return r;
}

int volumes_read(const struct etc *etc, struct pve_conf *conf, struct volumes *volumes,
		 struct err *err)
{
	const char **keys = conf_mount_keys(conf, &conf->main);
	struct new_volume **end = &volumes->first;
	struct storages storages;
	int r;

	*volumes =
		(struct volumes){.conf = conf, .place = volumes_place(&conf->arena, etc, conf->id)};
	r = storage_read(&conf->arena, etc, &storages, err);
	if (r == 0)
		r = conf_idmap(&conf->arena, &conf->main, &volumes->map, err);
	for (; r == 0 && *keys; keys++) {
		*end = arena_alloc(&conf->arena, sizeof(**end));
		r = read_one(volumes, &storages, *keys, *end, err);
		end = &(*end)->next;
	}
	if (r == 0 && !volumes->first)
		r = err_plain(err, -EINVAL, "CT %s has no rootfs", conf->id);
	return r;
}

/* -------------------------------------------------------------------------------- mounting */

int volumes_mount(const struct volumes *volumes, struct err *err)
{
	struct staged staged = {
		.place = volumes->place,
		.map = idmap_has(&volumes->map) ? &volumes->map : NULL,
		.once = true,
	};
	int r = make_dirs(volumes->place, 0755, err);
	int root_fd;

	if (r < 0)
		return r;
	r = mounts_stage(&staged, volumes->first, err);
	root_fd = r < 0 ? r : mounts_join(&staged, true, err);
	mounts_forget(&staged);
	if (root_fd < 0)
		(void)volumes_unmount(volumes->place, NULL); /* the first failure counts */
	return root_fd;
}

static bool is_below(const char *target, const char *place)
{
	size_t length = strlen(place);

	return strncmp(target, place, length) == 0 &&
	       (target[length] == '/' || target[length] == '\0');
}

/* Newest first: what was mounted later may be on what was mounted before. */
static int unmount_below(const struct mountinfo *mount, const char *place, struct err *err)
{
	int r = mount ? unmount_below(mount->next, place, err) : 0;

	if (r < 0 || !mount || !is_below(mount->target, place))
		return r;
	r = sys_umount(mount->target, UMOUNT_NOFOLLOW);
	if (r < 0)
		err_set(err, r, "unmount %s", mount->target);
	if (r == -EBUSY)
		err_hint(err, "something uses it: fuser -m %s tells what", mount->target);
	return r;
}

int volumes_unmount(const char *place, struct err *err)
{
	cleanup_close int self_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_(arena_free) struct arena arena = {};
	const struct mountinfo *list;
	int r;

	if (self_fd < 0)
		return err_set(err, -errno, "open /proc/self");
	r = mountinfo_read(&arena, self_fd, &list, err);
	if (r == 0)
		r = unmount_below(list, place, err);
	if (r == 0)
		(void)rmdir(place); /* ours when it is empty: it only was the place */
	return r;
}
