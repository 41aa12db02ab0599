#include "pve/snapshot/parts.h"

#include "lib/err.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/etc/etc.h"

#include <string.h>

int snapping_save(struct snapping *snapping, struct err *err)
{
	return etc_save(snapping->request->etc, snapping->conf, err);
}

int snapshot_volumes(struct pve_conf *conf, const struct pve_section *section,
		     int (*each)(void *data, const char *volume, struct err *err), void *data,
		     struct err *err)
{
	struct pve_mount mount;
	int r = 0;

	for (const char **keys = conf_mount_keys(conf, section); r == 0 && *keys; keys++) {
		r = conf_mount_read(conf, section, *keys, &mount, err);
		if (r == 0)
			r = each(data, mount.volume, err);
	}
	return r;
}

int snapping_check_template(const struct pve_conf *conf, const char *text, struct err *err)
{
	const char *template = conf_value(&conf->main, "template");

	if (!template || strcmp(template, "1") != 0)
		return 0;
	return err_plain(err, -EINVAL, "%s", text);
}

int snapping_find(struct snapping *snapping, struct pve_section **section, struct err *err)
{
	*section = conf_snapshot(snapping->conf, snapping->request->name);
	if (*section)
		return 0;
	return err_plain(err, -EINVAL, "snapshot '%s' does not exist", snapping->request->name);
}

int snapping_begin(struct snapping *snapping, struct err *err)
{
	return storage_read(&snapping->conf->arena, snapping->request->etc, &snapping->storages,
			    err);
}

int snapping_keep(void *data, const char *volume, struct err *err)
{
	struct pve_conf *conf = data;

	if (pve_mount_kind(volume) == PVE_MOUNT_VOLUME)
		(void)conf_unused_add(conf, volume); /* the writer drops those in use */
	return 0;
}
