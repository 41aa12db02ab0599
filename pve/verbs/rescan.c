#include "pve/verbs/rescan.h"

#include "lib/err.h"
#include "pve/conf/conf.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/storage/storage.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct scan {
	struct pve_conf *conf;
	const struct storages *storages;
	void (*say)(void *data, const char *line);
	void *data;
	bool *changed;
};

/* Two storages may have one folder: what counts is where a volume is. */
static bool is_same(struct scan *scan, const char *one, const char *other)
{
	struct arena *arena = &scan->conf->arena;
	char real[2][PATH_MAX];
	const char *path[2];

	if (strcmp(one, other) == 0)
		return true;
	if (storage_path(arena, scan->storages, one, &path[0], NULL) < 0 ||
	    storage_path(arena, scan->storages, other, &path[1], NULL) < 0)
		return false;
	return realpath(path[0], real[0]) && realpath(path[1], real[1]) &&
	       strcmp(real[0], real[1]) == 0;
}

static bool is_mounted(struct scan *scan, const char *volume)
{
	const char **keys = conf_mount_keys(scan->conf, &scan->conf->main);
	struct pve_mount mount;

	for (; *keys; keys++)
		if (conf_mount_read(scan->conf, &scan->conf->main, *keys, &mount, NULL) == 0 &&
		    pve_mount_kind(mount.volume) == PVE_MOUNT_VOLUME &&
		    is_same(scan, mount.volume, volume))
			return true;
	return false;
}

static bool is_unused(struct scan *scan, const char *volume)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&scan->conf->main, "unused", &i)); i++)
		if (is_same(scan, entry->value, volume))
			return true;
	return false;
}

static int add_unnamed(struct scan *scan, struct err *err)
{
	const char **volumes = storage_list(&scan->conf->arena, scan->storages, scan->conf->id);
	const char *key;

	for (; *volumes; volumes++) {
		if (is_mounted(scan, *volumes) || is_unused(scan, *volumes))
			continue;
		key = conf_unused_add(scan->conf, *volumes);
		if (!key)
			return err_plain(err, -ENOSPC,
					 "Too many unused volumes - please delete them first.");
		*scan->changed = true;
		scan->say(scan->data,
			  arena_printf(&scan->conf->arena,
				       "CT %s: add unreferenced volume '%s' as '%s' to config.",
				       scan->conf->id, *volumes, key));
	}
	return 0;
}

static void update_size(struct scan *scan, const char *key)
{
	struct pve_conf *conf = scan->conf;
	struct pve_mount mount;
	uint64_t size;

	if (conf_mount_read(conf, &conf->main, key, &mount, NULL) < 0 ||
	    pve_mount_kind(mount.volume) != PVE_MOUNT_VOLUME ||
	    storage_size(scan->storages, mount.volume, &size, NULL) < 0 ||
	    (mount.size.set && mount.size.value == size))
		return;
	mount.size = (struct opt_u64){true, size};
	conf_mount_set(conf, &conf->main, key, &mount);
	*scan->changed = true;
	scan->say(scan->data,
		  arena_printf(&conf->arena, "CT %s: updated volume size of '%s' in config.",
			       conf->id, mount.volume));
}

int rescan_conf(struct pve_conf *conf, const struct storages *storages,
		void (*say)(void *data, const char *line), void *data, bool *changed,
		struct err *err)
{
	struct scan scan = {conf, storages, say, data, changed};
	int r;

	*changed = false;
	r = add_unnamed(&scan, err);
	for (const char **keys = conf_mount_keys(conf, &conf->main); r == 0 && *keys; keys++)
		update_size(&scan, *keys);
	return r;
}
