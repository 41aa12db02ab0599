#include "pve/verbs/destroy.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/property.h"
#include "pve/storage/storage.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct destruction {
	const struct destroy_request *request;
	struct arena arena;
	struct storages storages;
	struct pve_conf conf;
};

static void warn(struct destruction *destruction, const char *text)
{
	if (destruction->request->warn)
		destruction->request->warn(destruction->request->data, text);
}

static bool names_volume(const char *key)
{
	return strcmp(key, "rootfs") == 0 || starts_with(key, "mp") || starts_with(key, "unused");
}

/* The storage's volume in an option's value; NULL: a bind, a device, or none that can be read. */
static const char *volume_of(struct arena *arena, const char *value)
{
	char *volume = arena_strndup(arena, value, strcspn(value, ","));

	if (starts_with(volume, "volume="))
		volume += strlen("volume=");
	return pve_mount_kind(volume) == PVE_MOUNT_VOLUME && strchr(volume, ':') ? volume : NULL;
}

static int free_volume(struct destruction *destruction, const char *volume, struct err *err)
{
	struct volume_name name;

	if (volume_parse(&destruction->arena, volume, &name, NULL) == 0 &&
	    strcmp(name.owner, destruction->request->id) == 0)
		return storage_free(&destruction->storages, volume, err);
	warn(destruction,
	     arena_printf(&destruction->arena, "ignore deletion of '%s', CT %s isn't the owner!",
			  volume, destruction->request->id));
	return 0;
}

static int free_section(struct destruction *destruction, const struct pve_section *section,
			struct err *err)
{
	int r = 0;

	for (const struct pve_entry *at = section->options.first; at && r == 0; at = at->next) {
		const char *volume =
			names_volume(at->key) ? volume_of(&destruction->arena, at->value) : NULL;

		if (volume)
			r = free_volume(destruction, volume, err);
		if (r < 0)
			err_origin(err, conf_origin(&destruction->arena, &destruction->conf, at));
	}
	return r;
}

/* Failures here are warned of only: the config named none of these. */
static void free_unreferenced(struct destruction *destruction)
{
	const char **volumes =
		storage_list(&destruction->arena, &destruction->storages, destruction->request->id);
	struct err err = {};
	char line[1024];

	for (; *volumes; volumes++)
		if (storage_free(&destruction->storages, *volumes, &err) < 0)
			warn(destruction, err_text(&err, line, sizeof(line)));
}

static int free_volumes(struct destruction *destruction, struct err *err)
{
	int r = storage_read(&destruction->arena, destruction->request->etc, &destruction->storages,
			     err);

	if (r == 0)
		r = free_section(destruction, &destruction->conf.main, err);
	if (r == 0)
		r = free_section(destruction, &destruction->conf.pending, err);
	if (r == 0 && destruction->request->unreferenced)
		free_unreferenced(destruction);
	return r;
}

int destroy_allowed(const struct pve_conf *conf, struct err *err)
{
	bool protected = false;
	int r = conf_bool(conf, &conf->main, "protection", &protected, err);

	if (r < 0)
		return r;
	if (protected)
		return err_plain(err, -EPERM, "can't remove CT %s - protection mode enabled",
				 conf->id);
	return conf_check_lock(conf, NULL, err);
}

/* The volumes are gone: nobody shall start, or destroy, what is left of the config. */
static int remove_config(struct destruction *destruction, struct err *err)
{
	const struct etc *etc = destruction->request->etc;
	const char *id = destruction->request->id;
	struct pve_conf last;
	char path[PATH_MAX];
	int r;

	conf_init(&last, id);
	conf_set(&last, &last.main, "lock", "destroyed");
	memcpy(last.digest, destruction->conf.digest, sizeof(last.digest));
	r = etc_save(etc, &last, err);
	conf_free(&last);
	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/firewall/%s.fw", etc->folder, id);
	if (unlink(path) < 0 && errno != ENOENT)
		return err_set(err, -errno, "remove %s", path);
	return etc_remove(etc, id, err);
}

int destroy_container(const struct destroy_request *request, struct err *err)
{
	struct destruction destruction = {.request = request};
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	int r = etc_lock(request->etc, request->id, LOCK_SECONDS, request->holder, &lock, err);

	if (r == 0)
		r = etc_load(request->etc, request->id, &destruction.conf, err);
	if (r == 0)
		r = destroy_allowed(&destruction.conf, err);
	if (r == 0)
		r = free_volumes(&destruction, err);
	if (r == 0)
		r = remove_config(&destruction, err);
	conf_free(&destruction.conf);
	arena_free(&destruction.arena);
	return r;
}
