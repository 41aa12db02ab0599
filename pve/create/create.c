#include "pve/create/parts.h"

#include "lib/text.h"
#include "pve/create/root.h"
#include "pve/storage/bwlimit.h"
#include "pve/template/template.h"

#include <stdio.h>
#include <string.h>

/*
 * The order: all that can be wrong with the request is found out first. Then a config with
 * `lock: create` takes the id; each volume is named in it and made; files, guest set-up; the
 * config without the lock.
 */

static int check_id(const struct create_request *request, struct err *err)
{
	char path[4096];

	if (etc_exists(request->etc, request->id))
		return err_plain(err, -EEXIST, "CT %s already exists", request->id);
	(void)snprintf(path, sizeof(path), "%s/qemu-server/%s.conf", request->etc->folder,
		       request->id);
	if (access(path, F_OK) == 0)
		return err_plain(err, -EEXIST, "VM %s already exists", request->id);
	return 0;
}

/* "local:vztmpl/x.tar.zst" or a path. */
static int find_archive(struct creation *creation, struct err *err)
{
	const char *archive = creation->request->archive, *path = archive;
	const char *colon = *archive == '/' || *archive == '.' ? NULL : strchr(archive, ':');
	cleanup_close int fd = -EBADF; /* opened again by the child that extracts it */
	int r = 0;

	if (colon && !starts_with(colon + 1, "vztmpl/")) {
		err_plain(err, -EINVAL, "'%s' is no template", archive);
		err_hint(err, "templates look like local:vztmpl/debian-12.tar.zst, or are paths");
		return -EINVAL;
	}
	if (colon)
		r = storage_path(&creation->arena, &creation->storages, archive, &path, err);
	if (r < 0)
		return r;
	creation->archive = path;
	fd = template_open(path, err);
	return fd < 0 ? fd : 0;
}

static int take_id(struct creation *creation, struct err *err)
{
	int r;

	conf_set(&creation->conf, &creation->conf.main, "lock", "create");
	r = etc_save(creation->request->etc, &creation->conf, err);
	creation->taken = r == 0;
	return r;
}

/* Failures on this way out only leave more to remove. */
static void take_back(struct creation *creation)
{
	creation_free_volumes(creation);
	if (creation->taken)
		(void)etc_remove(creation->request->etc, creation->request->id, NULL);
}

/* As a restore: of the storages that its volumes are on. */
static double find_bwlimit(const struct creation *creation)
{
	const struct bwlimit limit = {
		.given = creation->request->bwlimit,
		.operation = "restore",
		.storages = &creation->storages,
		.datacenter = &creation->datacenter,
	};
	double kib = 0;

	for (const struct new_volume *at = creation->volumes; at; at = at->next)
		kib = bwlimit_least(kib, bwlimit_of(&limit, at->mount.volume));
	return kib;
}

static int fill_volumes(struct creation *creation, struct err *err)
{
	const struct create_request *request = creation->request;
	const struct create_root root = {
		.request = request,
		.archive = creation->archive,
		.place = request->etc->lock_folder ? request->etc->lock_folder : LOCK_FOLDER,
		.volumes = creation->volumes,
		.map = idmap_has(&creation->map) ? &creation->map : NULL,
		.bwlimit = find_bwlimit(creation),
		.conf = &creation->conf,
	};

	if (request->say)
		request->say(request->data,
			     arena_printf(&creation->arena, "extracting archive '%s'",
					  creation->archive));
	return create_root_fill(&root, err);
}

static int give_free(struct creation *creation, struct err *err)
{
	const char *lock = creation_option(creation, "lock");

	if (lock)
		conf_set(&creation->conf, &creation->conf.main, "lock", lock);
	else
		conf_delete(&creation->conf.main, "lock");
	return etc_save(creation->request->etc, &creation->conf, err);
}

static int make_container(struct creation *creation, struct err *err)
{
	int r = take_id(creation, err);

	if (r == 0)
		r = creation_make_volumes(creation, err);
	if (r == 0)
		r = fill_volumes(creation, err);
	if (r == 0)
		r = give_free(creation, err);
	if (r == 0)
		return 0;
	take_back(creation);
	err_add(err, "unable to create CT %s", creation->request->id);
	return r;
}

static int check_request(struct creation *creation, struct err *err)
{
	const struct create_request *request = creation->request;
	int r = check_id(request, err);

	if (r == 0)
		r = storage_read(&creation->arena, request->etc, &creation->storages, err);
	if (r == 0)
		r = datacenter_read(&creation->arena, request->etc->folder, &creation->datacenter,
				    err);
	conf_init(&creation->conf, request->id);
	if (r == 0)
		r = creation_read_options(creation, err);
	return r < 0 ? r : find_archive(creation, err);
}

int create_container(const struct create_request *request, struct err *err)
{
	struct creation creation = {.request = request};
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	int r = etc_lock(request->etc, request->id, LOCK_CREATE_SECONDS, NULL, &lock, err);

	if (r == 0)
		r = check_request(&creation, err);
	if (r == 0)
		r = make_container(&creation, err);
	conf_free(&creation.conf);
	arena_free(&creation.arena);
	return r;
}
