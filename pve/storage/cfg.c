#include "pve/storage/type.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "pve/etc/etc.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#define LOCAL_PATH    "/var/lib/vz"
#define LOCAL_CONTENT "backup,images,iso,rootdir,snippets,vztmpl"

/* Words of a section that we act on; the others are for other programs. */
static const struct storage_word {
	const char *name;
	size_t offset;
} storage_words[] = {
	{"path", offsetof(struct storage, path)},
	{"content", offsetof(struct storage, content)},
	{"content-dirs", offsetof(struct storage, content_dirs)},
	{"nodes", offsetof(struct storage, nodes)},
	{"disable", offsetof(struct storage, disable)},
	{"is_mountpoint", offsetof(struct storage, is_mountpoint)},
	{"preallocation", offsetof(struct storage, preallocation)},
	{"bwlimit", offsetof(struct storage, bwlimit)},
	{"mkdir", offsetof(struct storage, mkdir)},
	{"create-base-path", offsetof(struct storage, create_base_path)},
	{"create-subdirs", offsetof(struct storage, create_subdirs)},
	{"quotas", offsetof(struct storage, quotas)},
	{"nocow", offsetof(struct storage, nocow)},
};

static struct storage *add_storage(struct arena *arena, struct storages *storages, const char *type,
				   const char *name)
{
	struct storage **end = &storages->first;
	struct storage *storage = arena_alloc(arena, sizeof(*storage));

	while (*end)
		end = &(*end)->next;
	storage->type_name = type;
	storage->type = storage_type_find(type);
	storage->name = name;
	*end = storage;
	return storage;
}

/* "dir: local". Return: NULL: it is no header. */
static struct storage *read_header(struct arena *arena, struct storages *storages, const char *line)
{
	const char *colon = strchr(line, ':'), *rest, *name;
	size_t length, more;
	char *type;

	if (!colon || colon == line || isspace((unsigned char)*line))
		return NULL;
	rest = colon + 1;
	name = next_word(&rest, &length);
	if (!name || next_word(&rest, &more))
		return NULL;
	type = arena_strndup(arena, line, (size_t)(colon - line));
	for (char *at = type; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return add_storage(arena, storages, type, arena_strndup(arena, name, length));
}

static void read_property(struct arena *arena, struct storage *storage, const char *line)
{
	size_t length;
	const char *key = next_word(&line, &length);
	const char *value = line + strspn(line, " \t");

	for (size_t i = 0; i < ARRAY_SIZE(storage_words); i++) {
		const struct storage_word *word = &storage_words[i];

		if (strlen(word->name) == length && strncmp(key, word->name, length) == 0)
			*(const char **)((char *)storage + word->offset) =
				arena_strdup(arena, value);
	}
}

static char *next_line(char **rest)
{
	char *line = strsep(rest, "\n");
	size_t length = line ? strlen(line) : 0;

	while (length > 0 && isspace((unsigned char)line[length - 1]))
		line[--length] = '\0';
	return line;
}

static void add_local(struct arena *arena, struct storages *storages, const char *vz)
{
	struct storage *local = storages->first;

	while (local && strcmp(local->name, "local") != 0)
		local = local->next;
	if (!local)
		local = add_storage(arena, storages, "dir", "local");
	if (!local->path)
		local->path = arena_strdup(arena, vz);
	if (!local->content)
		local->content = LOCAL_CONTENT;
	local->nodes = NULL; /* every node has its own */
}

/* Proxmox's name of a node: that of the host without its domain. */
static const char *node_name(struct arena *arena)
{
	char name[HOST_NAME_MAX + 1] = "localhost";

	(void)gethostname(name, sizeof(name) - 1); /* "localhost" where there is none */
	return arena_strndup(arena, name, strcspn(name, "."));
}

int storage_parse(struct arena *arena, const char *text, const char *vz, struct storages *storages,
		  struct err *err)
{
	char *rest = arena_strdup(arena, text), *line;
	struct storage *now = NULL;
	unsigned int number = 0;

	*storages = (struct storages){.node = node_name(arena)};
	while ((line = next_line(&rest))) {
		number++;
		if (*line == '#')
			continue;
		if (!*line) {
			now = NULL;
			continue;
		}
		if (now && isspace((unsigned char)*line)) {
			read_property(arena, now, line);
			continue;
		}
		now = read_header(arena, storages, line);
		if (!now)
			return err_plain(err, -EINVAL,
					 "storage.cfg, line %u: '%s' is no 'type: name' and no "
					 "property of one",
					 number, line);
	}
	add_local(arena, storages, vz);
	return 0;
}

int storage_read(struct arena *arena, const struct etc *etc, struct storages *storages,
		 struct err *err)
{
	const char *path = arena_printf(arena, "%s/storage.cfg", etc->folder);
	const char *vz = getenv("PCTRUN_VZ");
	const char *text = "";
	int r = access(path, F_OK) == 0 ? file_read(arena, AT_FDCWD, path, 0, &text, NULL, err) : 0;

	if (r == 0)
		r = storage_parse(arena, text, vz && *vz ? vz : LOCAL_PATH, storages, err);
	if (r == 0)
		storages->lock_folder = etc->lock_folder;
	return r;
}
