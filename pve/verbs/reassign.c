#include "pve/verbs/move.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/etc/etc.h"
#include "pve/storage/storage.h"

#include <string.h>

/* Either an mpN or an unusedN: nobody's root becomes another one's. */
static int check_key(const char *key, struct err *err)
{
	if (starts_with(key, "unused") || (conf_is_mount(key) && strcmp(key, "rootfs") != 0))
		return 0;
	return err_plain(err, -EINVAL, "'%s' can't be moved to, or be of, another container", key);
}

static int check_conf(const struct pve_conf *conf, struct err *err)
{
	const char *template = conf_value(&conf->main, "template");
	int r = conf_check_lock(conf, NULL, err);

	if (r == 0 && template && strcmp(template, "1") == 0)
		r = err_plain(err, -EINVAL, "CT %s is a template: its volumes stay", conf->id);
	return r;
}

static int check(struct pve_conf *source, struct pve_conf *target,
		 const struct reassign_request *request, struct err *err)
{
	int r = check_key(request->key, err);

	if (r == 0)
		r = check_key(request->target_key, err);
	if (r == 0)
		r = check_conf(source, err);
	if (r == 0)
		r = check_conf(target, err);
	if (r < 0)
		return r;
	if (starts_with(request->key, "unused") && !starts_with(request->target_key, "unused"))
		return err_plain(err, -EINVAL, "an unused volume stays unused: give an unusedN");
	if (!conf_find(&source->main, request->key))
		return err_plain(err, -ENOENT, "CT %s has no %s", source->id, request->key);
	if (conf_find(&target->main, request->target_key))
		return err_plain(err, -EEXIST,
				 "Target volume key '%s' is already in use for container '%s'",
				 request->target_key, target->id);
	return 0;
}

static int find_volume(struct pve_conf *source, const struct reassign_request *request,
		       const struct storages *storages, const char **volume, struct err *err)
{
	struct pve_mount mount = {};
	struct volume_name name;
	int r = 0;

	if (starts_with(request->key, "unused"))
		mount.volume = conf_find(&source->main, request->key)->value;
	else
		r = conf_mount_read(source, &source->main, request->key, &mount, err);
	if (r == 0)
		r = volume_parse(&source->arena, mount.volume, &name, err);
	if (r < 0)
		return r;
	if (strcmp(name.owner, source->id) != 0)
		return err_plain(err, -EPERM, "volume %s is CT %s's", mount.volume, name.owner);
	if (conf_snapshot_of(source, mount.volume))
		return err_plain(err, -EINVAL, "a snapshot of CT %s has volume %s", source->id,
				 mount.volume);
	if (!storage_can(storages, mount.volume, VOLUME_RENAME, NULL))
		return err_plain(err, -EOPNOTSUPP,
				 "Storage does not support moving of this disk to another "
				 "container");
	*volume = mount.volume;
	return 0;
}

static void say(const struct reassign_request *request, const char *line)
{
	request->say(request->data, line);
}

/* The name is in the target's file before a volume has it, and the source's line goes last. */
static int hand_over(struct pve_conf *source, struct pve_conf *target,
		     const struct reassign_request *request, const struct storages *storages,
		     const char *volume, const char *name, struct err *err)
{
	struct arena *arena = &source->arena;
	int r = etc_save(request->etc, target, err);

	if (r < 0)
		return r;
	say(request, arena_printf(arena, "moving volume '%s' from container '%s' to '%s'",
				  request->key, source->id, target->id));
	r = storage_rename(storages, volume, name, err);
	if (r < 0)
		return r;
	say(request, arena_printf(arena, "removing volume '%s' from container '%s' config",
				  request->key, source->id));
	conf_delete(&source->main, request->key);
	return etc_save(request->etc, source, err);
}

/* For an mpN it is the place to wait in. */
static int name_unused(struct pve_conf *target, const char *key, const char *name,
		       const char **unused, struct err *err)
{
	if (!starts_with(key, "unused"))
		return conf_unused_name(target, name, unused, err);
	conf_set(target, &target->main, key, name);
	*unused = key;
	return 0;
}

int reassign_volume(struct pve_conf *source, struct pve_conf *target,
		    const struct reassign_request *request, const char **unused, struct err *err)
{
	const char *volume = NULL, *name = NULL;
	struct storages storages;
	int r = check(source, target, request, err);

	if (r == 0)
		r = storage_read(&source->arena, request->etc, &storages, err);
	if (r == 0)
		r = find_volume(source, request, &storages, &volume, err);
	if (r == 0)
		r = storage_name_like(&source->arena, &storages, volume, target->id, &name, err);
	if (r == 0)
		r = name_unused(target, request->target_key, name, unused, err);
	if (r < 0)
		return r;
	r = hand_over(source, target, request, &storages, volume, name, err);
	if (r < 0 && storage_size(&storages, name, &(uint64_t){0}, NULL) < 0) {
		conf_delete(&target->main, *unused); /* nothing came of it */
		(void)etc_save(request->etc, target, NULL);
	}
	return r;
}
