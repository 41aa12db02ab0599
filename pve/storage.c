#include "pve/storage.h"

#include "lib/err.h"
#include "lib/text.h"

#include <string.h>

/* The second column is what they take unasked. Volumes of the last four are no files. */
static const struct storage_type {
	const char *name;
	const char *content;
	bool makes; /* volumes are made and removed by storage_dir.c */
} storage_types[] = {
	{"dir", "images,rootdir", true},
	{"nfs", "images", false},
	{"cifs", "images", false},
	{"btrfs", "images,rootdir", false},
	{"lvm", "images", false},
	{"lvmthin", "images,rootdir", false},
	{"zfspool", "images,rootdir", false},
	{"rbd", "images", false},
};

/* Kinds of files besides volumes, and where they are below the storage's path. */
static const struct content_folder {
	const char *prefix; /* in a volume id */
	const char *folder;
} content_folders[] = {
	{"vztmpl/", "template/cache"},
	{"backup/", "dump"},
	{"snippets/", "snippets"},
	{"iso/", "template/iso"},
};

static const struct storage_type *find_type(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(storage_types); i++)
		if (strcmp(storage_types[i].name, name) == 0)
			return &storage_types[i];
	return NULL;
}

int storage_find(const struct storages *storages, const char *name, const struct storage **storage,
		 struct err *err)
{
	for (const struct storage *at = storages->first; at; at = at->next) {
		if (strcmp(at->name, name) != 0)
			continue;
		if (at->disabled)
			return err_plain(err, -EPERM, "storage '%s' is disabled", name);
		*storage = at;
		return 0;
	}
	return err_plain(err, -ENOENT, "storage '%s' does not exist", name);
}

bool storage_allows(const struct storage *storage, const char *content)
{
	const struct storage_type *type = find_type(storage->type);
	const char *at = storage->content ? storage->content : type ? type->content : "";
	size_t length = strlen(content);

	for (; *at; at += strcspn(at, ", ")) {
		at += strspn(at, ", ");
		if (strncmp(at, content, length) == 0 && strcspn(at, ", ") == length)
			return true;
	}
	return false;
}

/* No name of a volume leads elsewhere: it is one file's. */
static bool plain_name(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static int bad_volume(const char *volume, struct err *err)
{
	err_plain(err, -EINVAL, "'%s' is no volume of a container", volume);
	err_hint(err, "volumes look like local:100/vm-100-disk-0.raw");
	return -EINVAL;
}

int volume_parse(struct arena *arena, const char *volume, struct volume_name *name, struct err *err)
{
	const char *colon = strchr(volume, ':');
	const char *slash = colon ? strchr(colon, '/') : NULL;
	size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;

	if (!slash || colon == volume || digits == 0 || colon + 1 + digits != slash ||
	    !plain_name(slash + 1))
		return bad_volume(volume, err);
	*name = (struct volume_name){
		.storage = arena_strndup(arena, volume, (size_t)(colon - volume)),
		.owner = arena_strndup(arena, colon + 1, digits),
		.file = arena_strdup(arena, slash + 1),
		.subvol = ends_with(slash, ".subvol"),
	};
	return 0;
}

static const struct storage *path_storage(const struct storages *storages, const char *name,
					  struct err *err)
{
	const struct storage *storage;

	if (storage_find(storages, name, &storage, err) < 0)
		return NULL;
	if (find_type(storage->type) && storage->path)
		return storage;
	err_plain(err, -EOPNOTSUPP, "storage '%s' is of type %s, which has no paths here", name,
		  storage->type);
	err_hint(err, "use a storage of type dir");
	return NULL;
}

/* "local:vztmpl/debian.tar.zst". Return: NULL: it is none of those. */
static const struct content_folder *find_content(const char *volume)
{
	const char *colon = strchr(volume, ':');

	for (size_t i = 0; colon && i < ARRAY_SIZE(content_folders); i++)
		if (starts_with(colon + 1, content_folders[i].prefix) &&
		    plain_name(colon + 1 + strlen(content_folders[i].prefix)))
			return &content_folders[i];
	return NULL;
}

int storage_path(struct arena *arena, const struct storages *storages, const char *volume,
		 const char **path, struct err *err)
{
	const struct content_folder *content = find_content(volume);
	const struct storage *storage;
	struct volume_name name = {};
	int r;

	if (content)
		name.storage = arena_strndup(arena, volume, strcspn(volume, ":"));
	else if ((r = volume_parse(arena, volume, &name, err)) < 0)
		return r;
	storage = path_storage(storages, name.storage, err);
	if (!storage)
		return err ? -err->num : -EINVAL;
	*path = content ? arena_printf(arena, "%s/%s/%s", storage->path, content->folder,
				       strchr(volume, '/') + 1)
			: arena_printf(arena, "%s/images/%s/%s", storage->path, name.owner,
				       name.file);
	return 0;
}

int storage_resolve(void *storages, struct arena *arena, const char *volume, const char **path,
		    struct err *err)
{
	int r = find_content(volume) ? 0 : storage_check_content(storages, volume, "rootdir", err);

	return r < 0 ? r : storage_path(arena, storages, volume, path, err);
}

static int check_maker(const struct storage *storage, struct err *err)
{
	const struct storage_type *type = find_type(storage->type);

	if (type && type->makes && storage->path)
		return 0;
	err_plain(err, -EOPNOTSUPP, "storage '%s' is of type %s: volumes there aren't made here",
		  storage->name, storage->type);
	err_hint(err, "use a storage of type dir");
	return -EOPNOTSUPP;
}

/* A storage that @request can have a volume on. */
static int find_maker(const struct storages *storages, const char *name,
		      const struct storage **storage, struct err *err)
{
	int r = storage_find(storages, name, storage, err);

	if (r < 0)
		return r;
	if (!storage_allows(*storage, "rootdir"))
		return err_plain(err, -EINVAL,
				 "storage '%s' does not support container directories", name);
	return check_maker(*storage, err);
}

int storage_name(struct arena *arena, const struct storages *storages,
		 const struct volume_request *request, const char **volume, struct err *err)
{
	const struct storage *storage;
	int r = find_maker(storages, request->storage, &storage, err);

	return r < 0 ? r : storage_dir_name(arena, storage, request, volume, err);
}

int storage_make(struct arena *arena, const struct storages *storages,
		 const struct volume_request *request, const char *volume, struct err *err)
{
	const struct storage *storage;
	struct volume_name name;
	int r = volume_parse(arena, volume, &name, err);

	if (r == 0)
		r = find_maker(storages, name.storage, &storage, err);
	return r < 0 ? r : storage_dir_make(arena, storage, request, &name, err);
}

int storage_check_content(const struct storages *storages, const char *volume, const char *content,
			  struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *name = arena_strndup(&arena, volume, strcspn(volume, ":"));
	const struct storage *storage;
	int r = storage_find(storages, name, &storage, err);

	if (r == 0 && !storage_allows(storage, content))
		r = err_plain(err, -EINVAL, "storage '%s' does not support %s", name,
			      strcmp(content, "rootdir") == 0 ? "containers" : content);
	return r;
}

const char **storage_list(struct arena *arena, const struct storages *storages, const char *id)
{
	const char **all = arena_array(arena, 1, sizeof(*all));
	size_t count = 0;

	for (const struct storage *at = storages->first; at; at = at->next) {
		const char **own, **more;
		size_t found;

		if (at->disabled || check_maker(at, NULL) < 0)
			continue;
		found = (size_t)storage_dir_list(arena, at, id, &own);
		more = arena_array(arena, count + found + 1, sizeof(*more));
		memcpy(more, all, count * sizeof(*more));
		memcpy(more + count, own, found * sizeof(*more));
		all = more;
		count += found;
	}
	return all;
}

int storage_free(const struct storages *storages, const char *volume, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct storage *storage;
	struct volume_name name;
	int r = volume_parse(&arena, volume, &name, err);

	if (r == 0)
		r = storage_find(storages, name.storage, &storage, err);
	if (r == 0)
		r = check_maker(storage, err);
	return r < 0 ? r : storage_dir_free(storage, &name, err);
}
