#include "pve/snapshot/parts.h"

#include "lib/err.h"
#include "pve/conf/property.h"
#include "pve/conf/value.h"

#include <string.h>
#include <strings.h>

static int check_name(const struct pve_conf *conf, const char *name, struct err *err)
{
	if (strcmp(name, "current") == 0 || strcmp(name, "vzdump") == 0)
		return err_plain(err, -EINVAL, "unable to use snapshot name '%s' (reserved name)",
				 name);
	if (!value_is_snapshot_name(name))
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. snapname: invalid format - "
				 "'%s' is no name of a snapshot: a letter, then at least one "
				 "letter, digit, '-' or '_', up to 40 in all",
				 name);
	for (const struct pve_section *at = conf->snapshots; at; at = at->next)
		if (strcasecmp(at->name, name) == 0)
			return err_plain(err, -EEXIST, "snapshot name '%s' already used", name);
	return 0;
}

static int check_feature(void *data, const char *volume, struct err *err)
{
	const struct snapping *snapping = data;

	if (pve_mount_kind(volume) == PVE_MOUNT_VOLUME &&
	    storage_can(&snapping->storages, volume, VOLUME_SNAPSHOT, NULL))
		return 0;
	err_plain(err, -EOPNOTSUPP, "snapshot feature is not available: %s has none", volume);
	err_hint(err, "volumes on a storage of type btrfs can have snapshots");
	return -EOPNOTSUPP;
}

static int check_create(struct snapping *snapping, struct err *err)
{
	struct pve_conf *conf = snapping->conf;
	int r = check_name(conf, snapping->request->name, err);

	if (r == 0)
		r = snapping_check_template(conf, "you can't take a snapshot if it's a template",
					    err);
	if (r == 0)
		r = conf_check_lock(conf, NULL, err);
	return r < 0 ? r : snapshot_volumes(conf, &conf->main, check_feature, snapping, err);
}

/* A parent that was deleted by hand. */
static void forget_parents(struct snapping *snapping, struct pve_section *section)
{
	const struct snapshot_request *request = snapping->request;
	const struct pve_entry *parent = conf_find(section, "parent");

	if (!parent || conf_snapshot(snapping->conf, parent->value))
		return;
	request->warn(request->data,
		      arena_printf(&snapping->conf->arena, "remove parent '%s': no such snapshot",
				   parent->value));
	conf_delete(section, "parent");
}

/* All of main but what is only the present's. */
static struct pve_section *copy_main(struct pve_conf *conf, const char *name)
{
	struct pve_section *section = conf_snapshot_add(conf, name);
	const struct pve_entry *entry;

	conf_section_copy(conf, section, &conf->main);
	conf_delete(section, "lock");
	conf_delete(section, "description");
	for (unsigned int i = 0; (entry = conf_indexed(section, "unused", &i)); i++)
		conf_delete(section, entry->key);
	return section;
}

static int prepare(struct snapping *snapping, struct err *err)
{
	const struct snapshot_request *request = snapping->request;
	struct pve_conf *conf = snapping->conf;
	struct pve_section *section;

	forget_parents(snapping, &conf->main);
	for (struct pve_section *at = conf->snapshots; at; at = at->next)
		forget_parents(snapping, at);
	section = copy_main(conf, request->name);
	if (request->description)
		conf_set(conf, section, "description", request->description);
	conf_set(conf, section, "snaptime", arena_printf(&conf->arena, "%ld", (long)request->now));
	conf_set(conf, section, "snapstate", "prepare");
	conf_set(conf, &conf->main, "lock", "snapshot");
	return snapping_save(snapping, err);
}

static int snap_one(void *data, const char *volume, struct err *err)
{
	struct snapping *snapping = data;
	int r = storage_snapshot(&snapping->storages, volume, snapping->request->name, err);

	if (r == 0)
		snapping->done++;
	return r;
}

static int snap_all(struct snapping *snapping, struct err *err)
{
	const struct snapshot_request *request = snapping->request;
	int r = request->freeze ? request->freeze(request->data, err) : 0;

	if (r == 0)
		r = snapshot_volumes(snapping->conf, &snapping->conf->main, snap_one, snapping,
				     err);
	if (request->thaw)
		(void)request->thaw(request->data, r < 0 ? NULL : err); /* whatever happened */
	return r;
}

static int unsnap_one(void *data, const char *volume, struct err *err)
{
	struct snapping *snapping = data;

	if (snapping->done == 0)
		return 0;
	snapping->done--;
	return storage_snapshot_delete(&snapping->storages, volume, snapping->request->name, err);
}

/* What can't be taken back stays named, with its lock, for a forced deletion. */
static void take_back(struct snapping *snapping)
{
	struct pve_conf *conf = snapping->conf;
	const struct snapshot_request *request = snapping->request;

	request->warn(request->data, "snapshot create failed: starting cleanup");
	if (snapshot_volumes(conf, &conf->main, unsnap_one, snapping, NULL) < 0)
		return;
	conf_snapshot_delete(conf, request->name);
	conf_delete(&conf->main, "lock");
	(void)snapping_save(snapping, NULL);
}

int snapshot_create(struct pve_conf *conf, const struct snapshot_request *request, struct err *err)
{
	struct snapping snapping = {.request = request, .conf = conf};
	int r = snapping_begin(&snapping, err);

	if (r == 0)
		r = check_create(&snapping, err);
	if (r == 0)
		r = prepare(&snapping, err);
	if (r < 0)
		return r;
	r = snap_all(&snapping, err);
	if (r < 0) {
		take_back(&snapping);
		return r;
	}
	conf_delete(conf_snapshot(conf, request->name), "snapstate");
	conf_delete(&conf->main, "lock");
	conf_set(conf, &conf->main, "parent", request->name);
	return snapping_save(&snapping, err);
}
