#include "pve/verbs/clone.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/conf/hwaddr.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/etc/datacenter.h"
#include "pve/etc/etc.h"
#include "pve/setup/setup.h"
#include "pve/storage/bwlimit.h"
#include "pve/storage/storage.h"
#include "pve/volumes/copy.h"

#include <fcntl.h>
#include <string.h>

struct cloning {
	const struct clone_request *request;
	struct pve_conf *source;
	const struct pve_section *from; /* main, or the snapshot */
	struct pve_conf target;
	struct storages storages;
	struct datacenter datacenter;
};

/* -------------------------------------------------------------------------- can there be one? */

static int check_mount(struct cloning *cloning, const char *key, const struct pve_mount *mount,
		       struct err *err)
{
	const struct clone_request *request = cloning->request;

	if (pve_mount_kind(mount->volume) != PVE_MOUNT_VOLUME)
		return err_plain(err, -EINVAL, "unable to clone mountpoint '%s' (type %s)", key,
				 pve_mount_kind(mount->volume) == PVE_MOUNT_BIND ? "bind"
										 : "device");
	if (request->full ||
	    storage_can(&cloning->storages, mount->volume, VOLUME_CLONE, request->snapshot))
		return 0;
	err_plain(err, -EOPNOTSUPP, "Linked clone feature for '%s' is not available",
		  mount->volume);
	err_hint(err, "volumes on a storage of type btrfs have it; or make a full clone: --full");
	return -EOPNOTSUPP;
}

static int each_mount(struct cloning *cloning,
		      int (*work)(struct cloning *cloning, const char *key,
				  const struct pve_mount *mount, struct err *err),
		      struct err *err)
{
	struct pve_mount mount;
	int r = 0;

	for (const char **keys = conf_mount_keys(cloning->source, cloning->from); r == 0 && *keys;
	     keys++) {
		r = conf_mount_read(cloning->source, cloning->from, *keys, &mount, err);
		if (r == 0)
			r = work(cloning, *keys, &mount, err);
	}
	return r;
}

static int check_target(const struct cloning *cloning, struct err *err)
{
	const struct clone_request *request = cloning->request;
	const struct storage *storage;
	int r;

	if (request->target && strcmp(request->target, cloning->storages.node) != 0)
		return err_plain(err, -EOPNOTSUPP,
				 "can't clone CT to node '%s': moving containers to other nodes is "
				 "not possible yet",
				 request->target);
	if (request->storage && !request->full)
		return err_plain(err, -EINVAL, "parameter 'storage' not allowed for linked clones");
	if (!request->storage)
		return 0;
	r = storage_find(&cloning->storages, request->storage, &storage, err);
	if (r == 0 && !storage_allows(storage, "rootdir"))
		r = err_plain(err, -EINVAL, "storage '%s' does not support container directories",
			      request->storage);
	return r;
}

static int find_section(struct cloning *cloning, struct err *err)
{
	const char *name = cloning->request->snapshot;

	cloning->from = name ? conf_snapshot(cloning->source, name) : &cloning->source->main;
	if (!cloning->from)
		return err_plain(err, -EINVAL, "snapshot '%s' does not exist", name);
	return 0;
}

static int check(struct cloning *cloning, struct err *err)
{
	int r = conf_check_lock(cloning->source, NULL, err);

	if (r == 0)
		r = find_section(cloning, err);
	if (r == 0)
		r = storage_read(&cloning->source->arena, cloning->request->etc, &cloning->storages,
				 err);
	if (r == 0)
		r = datacenter_read(&cloning->source->arena, cloning->request->etc->folder,
				    &cloning->datacenter, err);
	if (r == 0)
		r = check_target(cloning, err);
	return r < 0 ? r : each_mount(cloning, check_mount, err);
}

/* ------------------------------------------------------------------------------- its config */

/* No two interfaces have one address. */
static int renew_address(struct cloning *cloning, const struct pve_entry *entry, struct err *err)
{
	struct pve_conf *conf = &cloning->target;
	struct pve_net net = {};
	int r = property_read(&conf->arena, pve_net_properties, entry->value, &net, err);

	if (r < 0)
		return r;
	net.hwaddr = hwaddr_random(&conf->arena, cloning->datacenter.mac_prefix);
	if (!net.hwaddr)
		return err_set(err, -errno, "get random numbers for a hardware address");
	conf_set(conf, &conf->main, entry->key,
		 property_write(&conf->arena, pve_net_properties, &net));
	return 0;
}

/* The source's state, and volumes: the clone gets its own. */
static void forget_state(struct pve_section *section)
{
	static const char *const keys[] = {"parent", "snaptime", "snapstate", "template", "lock"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		conf_delete(section, keys[i]);
	entry_each(entry, &section->options)
	{
		if (conf_is_mount(entry->key) || starts_with(entry->key, "unused"))
			conf_delete(section, entry->key);
	}
}

static int make_conf(struct cloning *cloning, struct err *err)
{
	const struct clone_request *request = cloning->request;
	struct pve_conf *target = &cloning->target;
	const struct pve_entry *entry;
	int r = 0;

	conf_section_copy(target, &target->main, cloning->from);
	forget_state(&target->main);
	for (unsigned int i = 0; r == 0 && (entry = conf_indexed(&target->main, "net", &i)); i++)
		r = renew_address(cloning, entry, err);
	if (r < 0)
		return r;
	if (request->hostname)
		conf_set(target, &target->main, "hostname", request->hostname);
	if (request->description)
		conf_set(target, &target->main, "description", request->description);
	conf_set(target, &target->main, "lock", "create");
	return etc_save(request->etc, target, err);
}

/* Firewall rules are a file of their own. One that isn't there is none. */
static int copy_firewall(const struct cloning *cloning, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *folder = cloning->request->etc->folder, *text;
	const char *from = arena_printf(&arena, "%s/firewall/%s.fw", folder, cloning->source->id);
	const char *to = arena_printf(&arena, "%s/firewall/%s.fw", folder, cloning->target.id);
	size_t length;
	int r;

	if (access(from, F_OK) < 0)
		return 0;
	r = file_read(&arena, AT_FDCWD, from, 0, &text, &length, err);
	return r < 0 ? r : file_replace(AT_FDCWD, to, text, length, 0640, true, err);
}

/* ----------------------------------------------------------------------------- its volumes */

static void say(const struct cloning *cloning, const char *kind, const char *key,
		const char *volume)
{
	const struct clone_request *request = cloning->request;

	request->say(request->data,
		     arena_printf(&cloning->source->arena, "create %s clone of %s %s (%s)", kind,
				  request->full ? "mountpoint" : "mount point", key, volume));
}

/* The name is in the file before the volume is there. */
static int name_volume(struct cloning *cloning, const char *key, struct pve_mount mount,
		       const char *volume, uint64_t size, struct err *err)
{
	mount.volume = volume;
	mount.size = (struct opt_u64){true, size};
	conf_mount_set(&cloning->target, &cloning->target.main, key, &mount);
	return etc_save(cloning->request->etc, &cloning->target, err);
}

static const char *storage_of(struct cloning *cloning, const char *volume)
{
	return arena_strndup(&cloning->source->arena, volume, strcspn(volume, ":"));
}

static int copy_volume(struct cloning *cloning, const char *key, const struct pve_mount *mount,
		       struct err *err)
{
	const struct clone_request *request = cloning->request;
	struct arena *arena = &cloning->source->arena;
	struct volume_request wanted = {
		.storage = request->storage ? request->storage : storage_of(cloning, mount->volume),
		.id = request->new_id,
	};
	const struct bwlimit limit = {
		.given = request->bwlimit,
		.operation = "clone",
		.storages = &cloning->storages,
		.datacenter = &cloning->datacenter,
	};
	struct volume_copy copy = {
		.storages = &cloning->storages,
		.from = mount->volume,
		.snapshot = request->snapshot,
		.bwlimit = bwlimit_between(&limit, mount->volume, wanted.storage),
	};
	int r = volume_like(cloning->source, cloning->from, &cloning->storages, mount, &wanted,
			    err);

	say(cloning, "full", key, mount->volume);
	if (r == 0)
		r = storage_name(arena, &cloning->storages, &wanted, &copy.to, err);
	if (r == 0)
		r = name_volume(cloning, key, *mount, copy.to, wanted.size, err);
	if (r == 0)
		r = storage_make(arena, &cloning->storages, &wanted, copy.to, err);
	return r < 0 ? r : volume_copy(&copy, err);
}

static int link_volume(struct cloning *cloning, const char *key, const struct pve_mount *mount,
		       struct err *err)
{
	struct arena *arena = &cloning->source->arena;
	const char *name;
	uint64_t size;
	int r = storage_size(&cloning->storages, mount->volume, &size, err);

	say(cloning, "linked", key, mount->volume);
	if (r == 0)
		r = storage_name_like(arena, &cloning->storages, mount->volume,
				      cloning->request->new_id, &name, err);
	if (r == 0)
		r = name_volume(cloning, key, *mount, name, size, err);
	if (r == 0)
		r = storage_clone(&cloning->storages, mount->volume, cloning->request->snapshot,
				  name, err);
	return r;
}

static int make_volume(struct cloning *cloning, const char *key, const struct pve_mount *mount,
		       struct err *err)
{
	int r = cloning->request->full ? copy_volume(cloning, key, mount, err)
				       : link_volume(cloning, key, mount, err);

	if (r < 0)
		err_add(err, "%s", key);
	return r;
}

/* ----------------------------------------------------------------------------------- all of it */

static int set_up(struct cloning *cloning, struct err *err)
{
	struct pve_conf *target = &cloning->target;
	struct setup setup = {.conf = target,
			      .warn = cloning->request->warn,
			      .warn_data = cloning->request->data};
	struct pve_mount root;
	const char *path = NULL;
	int r = conf_mount_read(target, &target->main, "rootfs", &root, err);

	if (r == 0)
		r = storage_path(&target->arena, &cloning->storages, root.volume, &path, err);
	return r < 0 ? r : setup_clone_volume(path, &setup, err);
}

/* What can't be removed stays named, with its lock, for `pct destroy`. */
static void take_back(struct cloning *cloning)
{
	struct pve_conf *target = &cloning->target;
	const char *folder = cloning->request->etc->folder;
	struct pve_mount mount;
	int r = 0;

	for (const char **keys = conf_mount_keys(target, &target->main); r == 0 && *keys; keys++)
		if (conf_mount_read(target, &target->main, *keys, &mount, NULL) == 0)
			r = storage_free(&cloning->storages, mount.volume, NULL);
	if (r < 0)
		return;
	(void)unlink(arena_printf(&target->arena, "%s/firewall/%s.fw", folder, target->id));
	(void)etc_remove(cloning->request->etc, target->id, NULL);
}

static int make(struct cloning *cloning, struct err *err)
{
	int r = make_conf(cloning, err);

	if (r < 0)
		return r;
	r = copy_firewall(cloning, err);
	if (r == 0)
		r = each_mount(cloning, make_volume, err);
	if (r == 0)
		r = set_up(cloning, err);
	if (r == 0) {
		conf_delete(&cloning->target.main, "lock");
		r = etc_save(cloning->request->etc, &cloning->target, err);
	}
	if (r < 0)
		take_back(cloning);
	return r;
}

int clone_container(struct pve_conf *source, const struct clone_request *request, struct err *err)
{
	struct cloning cloning = {.request = request, .source = source};
	int r = check(&cloning, err), unlocked;

	if (r < 0)
		return r;
	conf_set(source, &source->main, "lock", "disk");
	r = etc_save(request->etc, source, err);
	if (r < 0)
		return r;
	conf_init(&cloning.target, request->new_id);
	r = make(&cloning, err);
	if (r < 0)
		err_add(err, "clone failed");
	conf_free(&cloning.target);
	conf_delete(&source->main, "lock");
	unlocked = etc_save(request->etc, source, r < 0 ? NULL : err);
	return r < 0 ? r : unlocked;
}
