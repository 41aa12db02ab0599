#include "pve/create.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/create_root.h"
#include "pve/idmap.h"
#include "pve/storage.h"

#include <math.h>
#include <string.h>

/*
 * The order: a config with `lock: create` takes the id; volume, files, guest set-up; the config
 * without the lock. A crash leaves the locked config and what it names: `pct unlock`, then
 * `pct destroy` removes both.
 */

#define DEFAULT_GIB "4"

struct creation {
	const struct create_request *request;
	struct arena arena;
	struct storages storages;
	struct pve_conf conf;
	struct idmap map;
	const char *archive; /* path */
	const char *volume;
};

static const char *option(const struct create_request *request, const char *key)
{
	for (size_t i = 0; i < request->count; i++)
		if (strcmp(request->options[i][0], key) == 0)
			return request->options[i][1];
	return NULL;
}

/* What a container gets that nobody asked for otherwise. */
static void set_options(struct creation *creation)
{
	const struct create_request *request = creation->request;
	const char *const defaults[][2] = {
		{"unprivileged", "1"},
		{"hostname", arena_printf(&creation->arena, "CT%s", request->id)},
		{"memory", "512"},
		{"swap", "512"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
		conf_set(&creation->conf, &creation->conf.main, defaults[i][0], defaults[i][1]);
	for (size_t i = 0; i < request->count; i++)
		if (strcmp(request->options[i][0], "rootfs") != 0)
			conf_set(&creation->conf, &creation->conf.main, request->options[i][0],
				 request->options[i][1]);
}

static int read_map(struct creation *creation, struct err *err)
{
	if (!conf_unprivileged(&creation->conf.main))
		return 0;
	entry_each(entry, &creation->conf.main.raw)
	{
		int r;

		if (strcmp(entry->key, "lxc.idmap") != 0)
			continue;
		r = idmap_line_read(&creation->arena, entry->value, &creation->map, err);
		if (r < 0)
			return r;
	}
	if (!idmap_has(&creation->map))
		idmap_default(&creation->arena, &creation->map);
	return 0;
}

static bool shifted(const struct creation *creation)
{
	return idmap_has(&creation->map) && !creation->request->shift_free;
}

/* "local:8", "8", "volume=local:8": storage and GiB of the new volume. */
static int read_size(struct creation *creation, struct volume_request *volume, struct err *err)
{
	const char *asked = option(creation->request, "rootfs");
	char *value = arena_strdup(&creation->arena, asked ? asked : DEFAULT_GIB), *colon, *end;
	double gib;

	value[strcspn(value, ",")] = '\0';
	if (starts_with(value, "volume="))
		value += strlen("volume=");
	volume->storage = creation->request->storage ? creation->request->storage : "local";
	colon = strchr(value, ':');
	if (colon) {
		*colon = '\0';
		volume->storage = value;
		value = colon + 1;
	}
	gib = strtod(value, &end);
	if (end == value || *end || !isfinite(gib) || gib < 0 || gib > 1e6)
		return err_plain(err, -EINVAL, "rootfs: '%s' is no size in GiB for a new volume",
				 asked);
	volume->size = (uint64_t)(gib * 1024) << 20;
	return 0;
}

/* What the option says besides the volume's size: ",acl=1,mountoptions=noatime". */
static const char *more_options(const struct creation *creation)
{
	const char *asked = option(creation->request, "rootfs");
	const char *comma = asked ? strchr(asked, ',') : NULL;

	return comma ? comma : "";
}

static const char *written_size(struct arena *arena, uint64_t size)
{
	if (size == 0)
		return "0T";
	if (size % (1ULL << 30) == 0)
		return arena_printf(arena, "%luG", (unsigned long)(size >> 30));
	return arena_printf(arena, "%luM", (unsigned long)(size >> 20));
}

static int make_volume(struct creation *creation, struct err *err)
{
	struct volume_request volume = {.id = creation->request->id};
	const char *value;
	int r = read_size(creation, &volume, err);

	if (r < 0)
		return r;
	if (shifted(creation)) {
		volume.uid = idmap_root(&creation->map.uid);
		volume.gid = idmap_root(&creation->map.gid);
	}
	r = storage_alloc(&creation->arena, &creation->storages, &volume, &creation->volume, err);
	if (r < 0)
		return r;
	value = arena_printf(&creation->arena, "%s%s,size=%s", creation->volume,
			     more_options(creation), written_size(&creation->arena, volume.size));
	conf_set(&creation->conf, &creation->conf.main, "rootfs", value);
	return etc_save(creation->request->etc, &creation->conf, err);
}

static int fill_volume(struct creation *creation, struct err *err)
{
	const struct create_request *request = creation->request;
	struct create_root root = {
		.archive = creation->archive,
		.map = shifted(creation) ? &creation->map : NULL,
		.conf = &creation->conf,
		.password = request->password,
		.keys = request->keys,
		.progress = request->progress,
		.data = request->data,
	};
	int r = storage_path(&creation->arena, &creation->storages, creation->volume, &root.volume,
			     err);

	return r < 0 ? r : create_root_fill(&root, err);
}

static int take_id(struct creation *creation, struct err *err)
{
	const struct create_request *request = creation->request;

	if (etc_exists(request->etc, request->id))
		return err_plain(err, -EEXIST, "CT %s already exists", request->id);
	conf_init(&creation->conf, request->id);
	set_options(creation);
	conf_set(&creation->conf, &creation->conf.main, "lock", "create");
	return etc_save(request->etc, &creation->conf, err);
}

static int find_archive(struct creation *creation, struct err *err)
{
	const char *archive = creation->request->archive;
	int r = 0;

	creation->archive = archive;
	if (*archive != '/' && *archive != '.' && strchr(archive, ':'))
		r = storage_path(&creation->arena, &creation->storages, archive, &creation->archive,
				 err);
	if (r == 0 && access(creation->archive, R_OK) < 0)
		r = err_set(err, -errno, "template %s", creation->archive);
	return r;
}

/* The first failure is what the reader wants to know; this one only leaves more to remove. */
static void take_back(struct creation *creation)
{
	if (creation->volume)
		(void)storage_free(&creation->storages, creation->volume, NULL);
	(void)etc_remove(creation->request->etc, creation->request->id, NULL);
}

static int make_container(struct creation *creation, struct err *err)
{
	int r = read_map(creation, err);

	if (r == 0)
		r = make_volume(creation, err);
	if (r == 0)
		r = fill_volume(creation, err);
	if (r < 0)
		return r;
	conf_delete(&creation->conf.main, "lock");
	return etc_save(creation->request->etc, &creation->conf, err);
}

static int create_locked(struct creation *creation, struct err *err)
{
	const struct create_request *request = creation->request;
	int r = storage_read(&creation->arena, request->etc->folder, &creation->storages, err);

	if (r == 0)
		r = find_archive(creation, err);
	if (r == 0)
		r = take_id(creation, err);
	if (r < 0)
		return r;
	r = make_container(creation, err);
	if (r < 0) {
		take_back(creation);
		err_add(err, "unable to create CT %s", request->id);
	}
	return r;
}

int create_container(const struct create_request *request, struct err *err)
{
	struct creation creation = {.request = request};
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	int r = etc_lock(request->etc, request->id, LOCK_CREATE_SECONDS, NULL, &lock, err);

	if (r == 0)
		r = create_locked(&creation, err);
	conf_free(&creation.conf);
	arena_free(&creation.arena);
	return r;
}
