#include "pve/verbs/resize.h"

#include "lib/err.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/conf/value.h"
#include "pve/etc/etc.h"
#include "pve/storage/storage.h"
#include "pve/volumes/image_fs.h"

#include <string.h>

struct resizing {
	const struct resize_request *request;
	struct pve_conf *conf;
	struct storages storages;
	struct pve_mount mount;
	struct volume_name name;
	const char *image;    /* its path; NULL: a directory with a quota */
	uint64_t now, target; /* bytes */
};

int resize_target(const char *size, uint64_t now, uint64_t *target, struct err *err)
{
	const bool more = *size == '+';
	const char *number = size + more;
	uint64_t bytes;

	if (!*number || strchr("KMGT0123456789", number[strlen(number) - 1]) == NULL ||
	    value_size(number, &bytes) < 0)
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. size: value does not match "
				 "the regex pattern: '%s' is none of 10G, +512M",
				 size);
	if (more && __builtin_add_overflow(bytes, now, &bytes))
		return err_plain(err, -EINVAL, "400 Parameter verification failed. size: too big");
	if (bytes < now)
		return err_plain(err, -EINVAL, "unable to shrink disk size");
	*target = bytes;
	return 0;
}

static int check_volume(struct resizing *resizing, struct err *err)
{
	struct pve_conf *conf = resizing->conf;
	const char *volume = resizing->mount.volume;
	int r;

	if (pve_mount_kind(volume) != PVE_MOUNT_VOLUME)
		return err_plain(err, -EINVAL, "%s is %s, no volume of a storage: resize it there",
				 resizing->request->key, volume);
	r = volume_parse(&conf->arena, volume, &resizing->name, err);
	if (r == 0 && strcmp(resizing->name.owner, conf->id) != 0)
		r = err_plain(err, -EPERM,
			      "can't resize mount point owned by another container (%s)",
			      resizing->name.owner);
	return r;
}

static int find_image(struct resizing *resizing, struct err *err)
{
	if (resizing->name.subvol)
		return 0;
	return storage_path(&resizing->conf->arena, &resizing->storages, resizing->mount.volume,
			    &resizing->image, err);
}

/* A volume that has the size, and a config or a file system that doesn't know: somebody was stopped
 * before the end. */
static bool is_done(const struct resizing *resizing)
{
	return resizing->target == resizing->now && resizing->mount.size.set &&
	       resizing->mount.size.value == resizing->now &&
	       !(resizing->image && image_fs_has_room(resizing->image, resizing->now));
}

static int prepare(struct resizing *resizing, struct err *err)
{
	const struct resize_request *request = resizing->request;
	struct pve_conf *conf = resizing->conf;
	int r = conf_check_lock(conf, NULL, err);

	if (r == 0)
		r = conf_check_digest(conf, request->digest, err);
	if (r == 0)
		r = conf_mount_read(conf, &conf->main, request->key, &resizing->mount, err);
	if (r == 0)
		r = check_volume(resizing, err);
	if (r == 0)
		r = storage_read(&conf->arena, request->etc, &resizing->storages, err);
	if (r == 0)
		r = storage_size(&resizing->storages, resizing->mount.volume, &resizing->now, err);
	if (r == 0)
		r = find_image(resizing, err);
	if (r == 0)
		r = resize_target(request->size, resizing->now, &resizing->target, err);
	if (r == 0 && is_done(resizing))
		r = err_plain(err, -EALREADY, "disk is already at specified size");
	return r;
}

/* "+4G" once more would be another 4G: the size by itself is what has to be said. */
static void grow_fs(const struct resizing *resizing)
{
	const struct resize_request *request = resizing->request;
	char size[24], line[1600];
	struct err err = {};

	if (!resizing->image || image_fs_grow(resizing->image, &err) == 0)
		return;
	(void)value_size_print(resizing->target, size);
	err_hint(&err, "see to that (pct fsck mends a damaged one), then: pct resize %s %s %s",
		 resizing->conf->id, request->key, size);
	err_add(&err, "%s has its %s, the file system in it not yet", request->key, size);
	request->warn(request->data, err_text(&err, line, sizeof(line)));
}

int resize_volume(struct pve_conf *conf, const struct resize_request *request, struct err *err)
{
	struct resizing resizing = {.request = request, .conf = conf};
	int r = prepare(&resizing, err);

	if (r == 0)
		r = storage_resize(&resizing.storages, resizing.mount.volume, resizing.target, err);
	if (r < 0)
		return r;
	resizing.mount.size = (struct opt_u64){true, resizing.target};
	conf_mount_set(conf, &conf->main, request->key, &resizing.mount);
	r = etc_save(request->etc, conf, err);
	if (r == 0)
		grow_fs(&resizing);
	return r;
}
