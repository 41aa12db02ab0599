#include "pve/verbs/make_template.h"

#include "lib/err.h"
#include "pve/conf/conf.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/etc/etc.h"
#include "pve/storage/storage.h"

#include <string.h>

static int check_volumes(struct pve_conf *conf, const struct storages *storages, struct err *err)
{
	struct pve_mount mount;
	struct volume_name name;
	int r = 0;

	for (const char **keys = conf_mount_keys(conf, &conf->main); r == 0 && *keys; keys++) {
		r = conf_mount_read(conf, &conf->main, *keys, &mount, err);
		if (r < 0)
			return r;
		if (volume_parse(&conf->arena, mount.volume, &name, NULL) == 0 && name.is_base)
			continue; /* by a call that was killed */
		if (pve_mount_kind(mount.volume) != PVE_MOUNT_VOLUME ||
		    !storage_can(storages, mount.volume, VOLUME_TEMPLATE, NULL))
			r = err_plain(err, -EOPNOTSUPP,
				      "Template feature is not available for '%s'", mount.volume);
	}
	return r;
}

static int check(struct pve_conf *conf, const struct storages *storages, struct err *err)
{
	const char *template = conf_value(&conf->main, "template");
	int r = conf_check_lock(conf, NULL, err);

	if (r < 0)
		return r;
	if (conf->snapshots)
		return err_plain(err, -EINVAL,
				 "unable to create template, because CT contains snapshots");
	if (template && strcmp(template, "1") == 0)
		return err_plain(err, -EINVAL, "you can't convert a template to a template");
	return check_volumes(conf, storages, err);
}

static int convert(struct pve_conf *conf, const struct etc *etc, const struct storages *storages,
		   const char *key, struct err *err)
{
	struct pve_mount mount;
	const char *base = NULL;
	int r = conf_mount_read(conf, &conf->main, key, &mount, err);

	if (r == 0)
		r = storage_name_base(&conf->arena, storages, mount.volume, &base, err);
	if (r < 0 || strcmp(base, mount.volume) == 0)
		return r;
	r = storage_rename(storages, mount.volume, base, err);
	if (r < 0)
		return r;
	mount.volume = base;
	conf_mount_set(conf, &conf->main, key, &mount);
	return etc_save(etc, conf, err);
}

int make_template(struct pve_conf *conf, const struct etc *etc, struct err *err)
{
	struct storages storages;
	int r = storage_read(&conf->arena, etc, &storages, err);

	if (r == 0)
		r = check(conf, &storages, err);
	for (const char **keys = conf_mount_keys(conf, &conf->main); r == 0 && *keys; keys++)
		r = convert(conf, etc, &storages, *keys, err);
	if (r < 0)
		return r;
	conf_set(conf, &conf->main, "template", "1");
	return etc_save(etc, conf, err);
}
