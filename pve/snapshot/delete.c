#include "pve/snapshot/parts.h"

#include "lib/err.h"
#include "pve/conf/property.h"

#include <string.h>

static int delete_one(void *data, const char *volume, struct err *err)
{
	struct snapping *snapping = data;
	const struct snapshot_request *request = snapping->request;
	struct err own = {};
	char line[1600];
	int r = 0;

	if (pve_mount_kind(volume) == PVE_MOUNT_VOLUME)
		r = storage_snapshot_delete(&snapping->storages, volume, request->name, &own);
	if (r == 0)
		return 0;
	if (!request->force) {
		if (err)
			*err = own;
		return r;
	}
	request->warn(request->data, err_text(&own, line, sizeof(line)));
	return 0;
}

static void inherit(struct pve_conf *conf, struct pve_section *section, const char *gone,
		    const char *parent)
{
	const struct pve_entry *entry = conf_find(section, "parent");

	if (!entry || strcmp(entry->value, gone) != 0)
		return;
	if (parent)
		conf_set(conf, section, "parent", parent);
	else
		conf_delete(section, "parent");
}

static int forget(struct snapping *snapping, struct pve_section *section, struct err *err)
{
	struct pve_conf *conf = snapping->conf;
	const struct pve_entry *entry = conf_find(section, "parent");
	const char *parent = entry ? entry->value : NULL;

	inherit(conf, &conf->main, section->name, parent);
	for (struct pve_section *at = conf->snapshots; at; at = at->next)
		inherit(conf, at, section->name, parent);
	(void)snapshot_volumes(conf, section, snapping_keep, conf, NULL);
	conf_snapshot_delete(conf, section->name);
	conf_delete(&conf->main, "lock");
	return snapping_save(snapping, err);
}

int snapshot_delete(struct pve_conf *conf, const struct snapshot_request *request, struct err *err)
{
	struct snapping snapping = {.request = request, .conf = conf};
	struct pve_section *section = NULL;
	int r = snapping_begin(&snapping, err);

	if (r == 0)
		r = snapping_find(&snapping, &section, err);
	if (r == 0)
		r = snapping_check_template(conf, "you can't delete a snapshot if it's a template",
					    err);
	if (r == 0)
		r = conf_check_lock(conf, NULL, err);
	if (r < 0)
		return r;
	conf_set(conf, &conf->main, "lock", "snapshot-delete");
	conf_set(conf, section, "snapstate", "delete");
	r = snapping_save(&snapping, err);
	if (r == 0)
		r = snapshot_volumes(conf, section, delete_one, &snapping, err);
	return r < 0 ? r : forget(&snapping, section, err);
}
