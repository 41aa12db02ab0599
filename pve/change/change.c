#include "pve/change/change.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/change/option.h"
#include "pve/conf/mount.h"
#include "pve/conf/pending.h"
#include "pve/conf/schema.h"
#include "pve/conf/value.h"
#include "pve/volumes/new.h"

#include <stdlib.h>
#include <string.h>

/* struct recording - a request on its way into a config */
struct recording {
	struct pve_conf *conf;
	const struct change_request *request;
	struct changes *changes;
	bool protected;
};

enum schema_change change_kind(const char *key)
{
	const struct schema_key *row = schema_find(key);

	return row ? row->change : CHANGE_NEVER;
}

bool change_can_now(const struct pve_conf *conf, const char *key)
{
	switch (change_kind(key)) {
	case CHANGE_FAST:
	case CHANGE_LIVE:
		return true;
	case CHANGE_NEW:
		return !conf_find(&conf->main, key);
	default:
		return false;
	}
}

void changes_begin(struct pve_conf *conf, struct changes *changes)
{
	*changes = (struct changes){.before.name = conf->pending.name};
	conf_section_copy(conf, &changes->before, &conf->pending);
}

static bool is_unused(const char *key)
{
	return starts_with(key, "unused");
}

static bool in_list(const char *list, const char *key)
{
	const char *item;
	size_t length;

	while (list && (item = value_next(&list, &length)))
		if (strlen(key) == length && strncmp(item, key, length) == 0)
			return true;
	return false;
}

/* -------------------------------------------------------------------------------- which keys */

static void add_key(struct recording *recording, const char *key)
{
	struct changes *changes = recording->changes;

	for (size_t i = 0; i < changes->count; i++)
		if (strcmp(changes->keys[i], key) == 0)
			return;
	changes->keys[changes->count++] = key;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of a list, each of them an option. */
static int add_list(struct recording *recording, const char *option, const char *list,
		    struct err *err)
{
	const char *item;
	size_t length;

	while (list && (item = value_next(&list, &length))) {
		const char *key = arena_strndup(&recording->conf->arena, item, length);

		if (!schema_find(key))
			return option_bad(option,
					  err_plain(err, -EINVAL, "unknown option '%s'", key), err);
		add_key(recording, key);
	}
	return 0;
}

static int check_once(const struct change_request *request, const char *key, struct err *err)
{
	bool given = false;

	for (size_t i = 0; i < request->count; i++)
		given = given || strcmp(request->options[i][0], key) == 0;
	if (given + in_list(request->delete, key) + in_list(request->revert, key) < 2)
		return 0;
	return option_bad(
		key,
		err_plain(err, -EINVAL, "it can be set, deleted or reverted, one of them only"),
		err);
}

static size_t most_keys(const struct change_request *request)
{
	return request->count + strlen(request->delete ?: "") + strlen(request->revert ?: "");
}

static int list_keys(struct recording *recording, struct err *err)
{
	const struct change_request *request = recording->request;
	struct changes *changes = recording->changes;
	int r;

	changes->keys = arena_array(&recording->conf->arena, most_keys(request) + 1,
				    sizeof(*changes->keys));
	changes->freed = arena_array(&recording->conf->arena, most_keys(request) + 1,
				     sizeof(*changes->freed));
	for (size_t i = 0; i < request->count; i++)
		add_key(recording, request->options[i][0]);
	r = add_list(recording, "delete", request->delete, err);
	if (r == 0)
		r = add_list(recording, "revert", request->revert, err);
	for (size_t i = 0; r == 0 && i < changes->count; i++)
		r = check_once(request, changes->keys[i], err);
	qsort(changes->keys, changes->count, sizeof(*changes->keys), by_name);
	return r;
}

/* --------------------------------------------------------------------------------- deletions */

static bool is_set(const struct pve_conf *conf, const char *key)
{
	const struct pve_section *const sections[] = {&conf->main, &conf->pending};

	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (conf_find(sections[i], key) ||
		    (strcmp(key, "description") == 0 && sections[i]->description.length) ||
		    (strcmp(key, "env") == 0 && sections[i]->env.first))
			return true;
	return false;
}

static int check_deletable(const struct recording *recording, const char *key, struct err *err)
{
	if (schema_find(key)->required)
		return err_plain(err, -EINVAL, "unable to delete required option");
	if (change_kind(key) == CHANGE_NEVER && !is_unused(key))
		return err_plain(err, -EINVAL, "unable to delete read-only option");
	if (recording->protected && (conf_is_mount(key) || is_unused(key)))
		return err_plain(err, -EPERM,
				 "can't remove CT %s drive '%s' - protection mode enabled",
				 recording->conf->id, key);
	return 0;
}

static int record_deletion(struct recording *recording, const char *key, struct err *err)
{
	const struct change_request *request = recording->request;
	int r;

	if (!is_set(recording->conf, key)) {
		request->warn(request->data,
			      arena_printf(&recording->conf->arena,
					   "cannot delete '%s' - not set in current configuration!",
					   key));
		return 0;
	}
	r = check_deletable(recording, key, err);
	if (r < 0)
		return option_bad(key, r, err);
	if (is_unused(key)) /* nobody has it mounted: that can't wait for anything */
		recording->changes->freed[recording->changes->freed_count++] = key;
	else
		pending_delete(recording->conf, key);
	return 0;
}

/* ------------------------------------------------------------------------------------ values */

/* One that is to be made has its name and place when it is: change_make_volumes(). */
static int check_new(struct recording *recording, struct new_volume *volume, struct err *err)
{
	const struct volume_request request = new_volume_request(volume, recording->conf->id);
	const char *id;

	if (!volume->mount.mp)
		return err_plain(err, -EINVAL,
				 "only an mpN gets a new volume: a root comes from a template");
	return storage_name(&recording->conf->arena, recording->request->storages, &request, &id,
			    err);
}

/* With the size that it has; where nobody can tell, with the one that is given. */
static int check_existing(struct recording *recording, struct new_volume *volume,
			  const char **value, struct err *err)
{
	const struct storages *storages = recording->request->storages;
	struct arena *arena = &recording->conf->arena;
	int r = new_volume_find(arena, storages, NULL, volume, err);

	if (r < 0)
		return r;
	if (storage_size(storages, volume->mount.volume, &volume->mount.size.value, NULL) == 0)
		volume->mount.size.set = true;
	*value = property_write(arena, conf_mount_table(volume->key), &volume->mount);
	return 0;
}

static int check_mount(struct recording *recording, const char *key, const char **value,
		       struct err *err)
{
	struct new_volume volume = {.key = key};
	struct arena *arena = &recording->conf->arena;
	int r;

	if (recording->protected)
		return err_plain(err, -EPERM,
				 "can't update CT %s drive '%s' - protection mode enabled",
				 recording->conf->id, key);
	r = property_read(arena, conf_mount_table(key), *value, &volume.mount, err);
	if (r < 0 || pve_mount_kind(volume.mount.volume) != PVE_MOUNT_VOLUME)
		return r;
	if (new_volume_asked(arena, NULL, &volume))
		return check_new(recording, &volume, err);
	return check_existing(recording, &volume, value, err);
}

static int record_value(struct recording *recording, const char *key, const char *text,
			struct err *err)
{
	const struct pve_entry *entry = conf_find(&recording->conf->main, key);
	const struct option_host host = {.storages = recording->request->storages,
					 .datacenter = recording->request->datacenter,
					 .before = entry ? entry->value : NULL};
	const char *value = text;
	int r = 0;

	if (change_kind(key) == CHANGE_NEVER)
		r = err_plain(err, -EINVAL, "unable to modify read-only option");
	if (r == 0)
		r = option_store(&recording->conf->arena, &host, key, text, &value, err);
	if (r == 0 && conf_is_mount(key))
		r = check_mount(recording, key, &value, err);
	if (r < 0)
		return option_bad(key, r, err);
	pending_set(recording->conf, key, value);
	return 0;
}

static const char *given_value(const struct change_request *request, const char *key)
{
	for (size_t i = request->count; i-- > 0;)
		if (strcmp(request->options[i][0], key) == 0)
			return request->options[i][1];
	return NULL;
}

static int record(struct recording *recording, const char *key, struct err *err)
{
	const char *value = given_value(recording->request, key);

	if (value)
		return record_value(recording, key, value, err);
	if (in_list(recording->request->delete, key))
		return record_deletion(recording, key, err);
	pending_revert(recording->conf, key);
	return 0;
}

int change_record(struct pve_conf *conf, const struct change_request *request,
		  struct changes *changes, struct err *err)
{
	struct recording recording = {.conf = conf, .request = request, .changes = changes};
	int r = conf_bool(conf, &conf->main, "protection", &recording.protected, err);

	changes_begin(conf, changes);
	if (r == 0)
		r = list_keys(&recording, err);
	for (size_t i = 0; r == 0 && i < changes->count; i++)
		r = record(&recording, changes->keys[i], err);
	pending_clean(conf);
	return r;
}
