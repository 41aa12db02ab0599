#include "pve/verbs/move.h"

#include "lib/err.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/etc/datacenter.h"
#include "pve/etc/etc.h"
#include "pve/storage/bwlimit.h"
#include "pve/storage/storage.h"
#include "pve/volumes/copy.h"

#include <string.h>

struct moving {
	const struct move_request *request;
	struct pve_conf *conf;
	struct storages storages;
	struct datacenter datacenter;
	struct pve_mount mount; /* as it was            */
	const char *from, *to;  /* volume ids           */
	const char *unused;     /* the key that has @to */
	struct volume_request wanted;
};

static int save(struct moving *moving, struct err *err)
{
	return etc_save(moving->request->etc, moving->conf, err);
}

static int check_source(struct moving *moving, struct err *err)
{
	const struct move_request *request = moving->request;
	struct pve_conf *conf = moving->conf;
	int r = conf_mount_read(conf, &conf->main, request->key, &moving->mount, err);

	moving->from = moving->mount.volume;
	if (r < 0)
		return r;
	if (pve_mount_kind(moving->from) != PVE_MOUNT_VOLUME)
		return err_plain(err, -EINVAL, "%s is %s, no volume of a storage", request->key,
				 moving->from);
	if (request->delete &&conf_snapshot_of(conf, moving->from))
		return err_plain(err, -EINVAL,
				 "you can't move a volume with snapshots and delete the source");
	return 0;
}

static int plan_target(struct moving *moving, struct err *err)
{
	struct pve_conf *conf = moving->conf;
	int r = volume_like(conf, &conf->main, &moving->storages, &moving->mount, &moving->wanted,
			    err);

	if (r < 0)
		return r;
	moving->wanted.storage = moving->request->storage;
	moving->wanted.id = conf->id;
	return storage_name(&conf->arena, &moving->storages, &moving->wanted, &moving->to, err);
}

static int name_target(struct moving *moving, struct err *err)
{
	int r = conf_unused_name(moving->conf, moving->to, &moving->unused, err);

	if (r < 0)
		return r;
	conf_set(moving->conf, &moving->conf->main, "lock", "disk");
	return save(moving, err);
}

static int fill_target(struct moving *moving, struct err *err)
{
	const struct bwlimit limit = {
		.given = moving->request->bwlimit,
		.operation = "move",
		.storages = &moving->storages,
		.datacenter = &moving->datacenter,
	};
	const struct volume_copy copy = {
		.storages = &moving->storages,
		.from = moving->from,
		.to = moving->to,
		.bwlimit = bwlimit_between(&limit, moving->from, moving->to),
	};
	int r = storage_make(&moving->conf->arena, &moving->storages, &moving->wanted, moving->to,
			     err);

	return r < 0 ? r : volume_copy(&copy, err);
}

/* The first failure is what counts; what can't be removed here is still named in the config. */
static void take_back(struct moving *moving)
{
	if (storage_free(&moving->storages, moving->to, NULL) == 0)
		conf_delete(&moving->conf->main, moving->unused);
	conf_delete(&moving->conf->main, "lock");
	(void)save(moving, NULL);
}

/* A template's volumes are base images. */
static int freeze_target(struct moving *moving, struct err *err)
{
	const char *template = conf_value(&moving->conf->main, "template"), *base;
	int r;

	if (!template || strcmp(template, "1") != 0)
		return 0;
	r = storage_name_base(&moving->conf->arena, &moving->storages, moving->to, &base, err);
	if (r == 0)
		r = storage_rename(&moving->storages, moving->to, base, err);
	if (r == 0)
		moving->to = base;
	return r;
}

static int exchange(struct moving *moving, struct err *err)
{
	struct pve_conf *conf = moving->conf;
	struct pve_mount mount = moving->mount;

	mount.volume = moving->to;
	mount.size = (struct opt_u64){true, moving->wanted.size};
	conf_delete(&conf->main, moving->unused);
	conf_mount_set(conf, &conf->main, moving->request->key, &mount);
	moving->unused = conf_unused_add(conf, moving->from);
	return save(moving, err);
}

static void delete_source(struct moving *moving)
{
	const struct move_request *request = moving->request;
	struct err err = {};
	char line[1600];

	if (storage_free(&moving->storages, moving->from, &err) == 0)
		conf_delete(&moving->conf->main, moving->unused);
	else
		request->warn(request->data, err_text(&err, line, sizeof(line)));
}

int move_volume(struct pve_conf *conf, const struct move_request *request, struct err *err)
{
	struct moving moving = {.request = request, .conf = conf};
	int r = storage_read(&conf->arena, request->etc, &moving.storages, err);

	if (r == 0)
		r = datacenter_read(&conf->arena, request->etc->folder, &moving.datacenter, err);
	if (r == 0)
		r = check_source(&moving, err);
	if (r == 0)
		r = plan_target(&moving, err);
	if (r == 0)
		r = name_target(&moving, err);
	if (r < 0)
		return r;
	r = fill_target(&moving, err);
	if (r == 0)
		r = freeze_target(&moving, err);
	if (r < 0) {
		take_back(&moving);
		return r;
	}
	r = exchange(&moving, err);
	if (r < 0)
		return r;
	if (request->delete)
		delete_source(&moving);
	conf_delete(&conf->main, "lock");
	return save(&moving, err);
}
