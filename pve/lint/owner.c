#include "pve/lint/parts.h"

#include "pve/conf/property.h"
#include "pve/lxc/config.h"
#include "pve/lxc/idmap.h"

#include <string.h>
#include <sys/stat.h>

static void read_map(const struct linting *l, struct idmap *map)
{
	entry_each(entry, &l->conf->main.raw)
	{
		const char *key = lxc_key_rename(l->arena, entry->key);

		if (key && strcmp(key, "lxc.idmap") == 0)
			(void)idmap_line_read(l->arena, entry->value, map, NULL);
	}
	if (!idmap_has(map))
		idmap_default(l->arena, map);
}

static bool is_mapped(const struct oci_id_mappings *mappings, uint32_t host)
{
	for (size_t i = 0; i < mappings->count; i++)
		if (host >= mappings->items[i].host_id &&
		    host - mappings->items[i].host_id < mappings->items[i].size)
			return true;
	return false;
}

static void check(const struct linting *l, const struct pve_entry *entry, const char *path,
		  const struct idmap *map)
{
	struct stat st;

	if (stat(path, &st) < 0 ||
	    (is_mapped(&map->uid, st.st_uid) && is_mapped(&map->gid, st.st_gid)))
		return;
	lint_find(l, entry,
		  arena_printf(l->arena,
			       "chown %u:%u %s makes it root's inside; or add idmap=passthrough, "
			       "which shows the host's ids",
			       idmap_root(&map->uid), idmap_root(&map->gid), path),
		  "%s is %u:%u's on the host, which is nobody in the container: it can't write "
		  "there",
		  path, st.st_uid, st.st_gid);
}

/* What everybody may write to needs no owner. */
static bool is_open(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_mode & S_IWOTH;
}

void lint_owner(const struct linting *l)
{
	struct idmap map = {};
	const struct pve_entry *entry;

	if (!conf_unprivileged(&l->conf->main))
		return;
	read_map(l, &map);
	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "mp", &i)); i++) {
		struct pve_mount mount = {};

		if (property_read(l->arena, pve_mp_properties, entry->value, &mount, NULL) == 0 &&
		    pve_mount_kind(mount.volume) == PVE_MOUNT_BIND && !mount.idmap &&
		    !opt_bool_or(mount.ro, false) && !is_open(mount.volume))
			check(l, entry, mount.volume, &map);
	}
}
