#include "pve/storage/type.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/value.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Kinds of content and where they are below a storage's path, unless its content-dirs says. */
static const struct content_folder {
	const char *content;
	const char *folder;
} content_folders[] = {
	{"images", "images"},     {"vztmpl", "template/cache"}, {"backup", "dump"},
	{"snippets", "snippets"}, {"iso", "template/iso"},      {"import", "import"},
};

bool storage_flag(const char *value, bool otherwise)
{
	if (!value)
		return otherwise;
	return !*value || value_bool(value) > 0;
}

/* ----------------------------------------------------------------------------- is it usable? */

static bool in_list(const char *list, const char *word)
{
	const char *item;
	size_t length;

	while ((item = value_next(&list, &length)))
		if (strlen(word) == length && strncmp(item, word, length) == 0)
			return true;
	return false;
}

/* STATX_ATTR_MOUNT_ROOT: Linux 5.8. Without it, or without the path: not one that we know of. */
static bool is_mounted(const char *path)
{
	struct statx st;

	return statx(AT_FDCWD, path, AT_NO_AUTOMOUNT, STATX_TYPE, &st) == 0 &&
	       (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

/* What has to be mounted before anything is looked for there. NULL: nothing. */
static const char *mount_wanted(const struct storage *storage)
{
	if (storage->type && storage->type->network)
		return storage->path;
	if (!storage->is_mountpoint || value_bool(storage->is_mountpoint) == 0)
		return NULL;
	return *storage->is_mountpoint == '/' ? storage->is_mountpoint : storage->path;
}

static int check_mounted(const struct storage *storage, struct err *err)
{
	const char *path = mount_wanted(storage);

	if (!path || is_mounted(path))
		return 0;
	err_plain(err, -ENODEV,
		  "unable to activate storage '%s' - directory is expected to be a mount point but "
		  "is not mounted: '%s'",
		  storage->name, path);
	err_fact(err, "%s is no mount point now", path);
	err_hint(err, "mount it");
	return -ENODEV;
}

static int check_usable(const struct storages *storages, const struct storage *storage,
			struct err *err)
{
	if (storage_flag(storage->disable, false)) {
		err_plain(err, -EPERM, "storage '%s' is disabled", storage->name);
		err_hint(err, "take 'disable' out of its section of storage.cfg");
		return -EPERM;
	}
	if (storage->nodes && !in_list(storage->nodes, storages->node))
		return err_plain(err, -EPERM, "storage '%s' is not available on node '%s'",
				 storage->name, storages->node);
	return check_mounted(storage, err);
}

static int not_there(const struct storages *storages, const char *name, struct err *err)
{
	cleanup_(text_free) struct text names = {};

	for (const struct storage *at = storages->first; at; at = at->next)
		text_addf(&names, "%s%s", names.length ? ", " : "", at->name);
	err_plain(err, -ENOENT, "storage '%s' does not exist", name);
	err_hint(err, "storage.cfg has %s: name one of them, or add a section",
		 names.length ? text_str(&names) : "no storage");
	return -ENOENT;
}

int storage_find(const struct storages *storages, const char *name, const struct storage **storage,
		 struct err *err)
{
	int r;

	for (const struct storage *at = storages->first; at; at = at->next) {
		if (strcmp(at->name, name) != 0)
			continue;
		r = check_usable(storages, at, err);
		if (r == 0)
			*storage = at;
		return r;
	}
	return not_there(storages, name, err);
}

bool storage_allows(const struct storage *storage, const char *content)
{
	const char *list = storage->content ? storage->content
			   : storage->type  ? storage->type->content
					    : "";

	return in_list(list, content);
}

int storage_check_content(const struct storages *storages, const char *volume, const char *content,
			  struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *name = arena_strndup(&arena, volume, strcspn(volume, ":"));
	const struct storage *storage = NULL;
	int r = storage_find(storages, name, &storage, err);

	if (r != 0 || storage_allows(storage, content))
		return r;
	err_plain(err, -EINVAL, "storage '%s' does not support %s", name,
		  strcmp(content, "rootdir") == 0 ? "containers" : content);
	err_hint(err, "add %s to 'content' in its section of storage.cfg: content rootdir,...",
		 content);
	return -EINVAL;
}

/* --------------------------------------------------------------------------------- its folders */

const char *storage_folder(struct arena *arena, const struct storage *storage, const char *content)
{
	const char *folder =
		storage->content_dirs ? value_pair(arena, storage->content_dirs, content) : NULL;

	for (size_t i = 0; !folder && i < ARRAY_SIZE(content_folders); i++)
		if (strcmp(content_folders[i].content, content) == 0)
			folder = content_folders[i].folder;
	return folder ? arena_printf(arena, "%s/%s", storage->path, folder) : NULL;
}

/* ------------------------------------------------------------------------------------- paths */

static int check_path(const struct storage *storage, struct err *err)
{
	if (storage->path && storage->type)
		return 0;
	err_plain(err, -EOPNOTSUPP, "storage '%s' is of type %s, which has no paths here",
		  storage->name, storage->type_name);
	err_hint(err, "use a storage of type dir or btrfs");
	return -EOPNOTSUPP;
}

/* "local:vztmpl/debian.tar.zst". Return: the kind, in @arena; NULL: a container's volume. */
static const char *content_of(struct arena *arena, const char *volume)
{
	const char *colon = strchr(volume, ':');
	const char *slash = colon ? strchr(colon, '/') : NULL;
	const char *word =
		slash ? arena_strndup(arena, colon + 1, (size_t)(slash - colon - 1)) : "";

	if (!slash || !volume_is_plain(slash + 1) || strcmp(word, "images") == 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(content_folders); i++)
		if (strcmp(content_folders[i].content, word) == 0)
			return word;
	return NULL;
}

static int content_path(struct arena *arena, const struct storages *storages, const char *volume,
			const char *content, const char **path, struct err *err)
{
	const char *name = arena_strndup(arena, volume, strcspn(volume, ":"));
	const struct storage *storage;
	int r = storage_find(storages, name, &storage, err);

	if (r == 0)
		r = check_path(storage, err);
	if (r == 0)
		*path = arena_printf(arena, "%s/%s", storage_folder(arena, storage, content),
				     strchr(volume, '/') + 1);
	return r;
}

int storage_path(struct arena *arena, const struct storages *storages, const char *volume,
		 const char **path, struct err *err)
{
	const char *content = content_of(arena, volume);
	struct volume found;
	int r;

	if (content)
		return content_path(arena, storages, volume, content, path, err);
	r = volume_find(arena, storages, volume, &found, err);
	if (r == 0)
		*path = found.path;
	return r;
}

int storage_resolve(void *storages, struct arena *arena, const char *volume, const char **path,
		    struct err *err)
{
	int r = content_of(arena, volume) ? 0
					  : storage_check_content(storages, volume, "rootdir", err);

	return r < 0 ? r : storage_path(arena, storages, volume, path, err);
}
