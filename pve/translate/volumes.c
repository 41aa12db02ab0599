#include "pve/translate/parts.h"

#include "oci/ext_mounts.h"

#include <string.h>

/* rootfs and mpN. Proxmox mounts them before LXC mounts anything, in the order of their index. */

struct volume {
	const char *key;
	const char *origin;
	struct pve_mount conf;
	const struct pve_volume *found;
	bool bind; /* a directory: options of a whole file system have no effect */
	struct oci_strings options;
	bool mapped;
	struct idmap map;
};

/* --------------------------------------------------------------------------------- its options */

/* The ones a config may name. */
static const struct {
	const char *name;
	bool of_mount; /* holds for a bind, and beside ro */
	bool of_bind;
} known_options[] = {
	{"nodev", true, true},    {"noexec", true, true},    {"nosuid", true, true},
	{"noatime", false, true}, {"discard", false, false}, {"lazytime", false, false},
};

static bool option_holds(const struct volume *volume, const char *name, bool ro)
{
	for (size_t i = 0; i < ARRAY_SIZE(known_options); i++)
		if (strcmp(known_options[i].name, name) == 0)
			return (!ro || known_options[i].of_mount) &&
			       (!volume->bind || known_options[i].of_bind);
	return false;
}

static void add_mountoptions(struct translation *t, struct volume *volume, bool ro)
{
	const char *at = volume->conf.mountoptions ? volume->conf.mountoptions : "";

	while (*at) {
		size_t length = strcspn(at, "; ,");
		const char *name = arena_strndup(t->arena, at, length);

		if (option_holds(volume, name, ro))
			*push(t, &volume->options) = name;
		at += length + (at[length] != '\0');
	}
}

/* File systems that nothing can be written to, whatever the option says. */
static bool read_only_type(const struct volume *volume)
{
	const char *fs = volume->bind ? NULL : volume->found->fs;

	return fs && (strcmp(fs, "iso9660") == 0 || strcmp(fs, "squashfs") == 0);
}

static void add_options(struct translation *t, struct volume *volume)
{
	bool ro = opt_bool_or(volume->conf.ro, false) || read_only_type(volume);

	add_mountoptions(t, volume, ro);
	if (!volume->bind && opt_bool_or(volume->conf.acl, false))
		*push(t, &volume->options) = "acl";
	if (!volume->bind && !ro && opt_bool_or(volume->conf.quota, false)) {
		*push(t, &volume->options) = "usrjquota=aquota.user";
		*push(t, &volume->options) = "grpjquota=aquota.group";
		*push(t, &volume->options) = "jqfmt=vfsv0";
	}
	if (ro)
		*push(t, &volume->options) = "ro";
}

/* ---------------------------------------------------------------------------- what it is at all */

static int check_quota(struct translation *t, const struct volume *volume)
{
	if (!opt_bool_or(volume->conf.quota, false))
		return 0;
	if (t->userns)
		return fail_wrong(t, volume->origin, "leave quota=1 out",
				  "Quotas are not supported by unprivileged containers.");
	if (volume->bind)
		advise(t, volume->key, volume->origin,
		       "quota=1 has no effect on a directory: set it up on the host");
	else
		unenforced(t, "quota", volume->origin,
			   "quota=1: the container gets no node of the device to set quotas with");
	return 0;
}

static int find_map(struct translation *t, struct volume *volume)
{
	int r;

	if (!volume->conf.idmap)
		return 0;
	if (!t->userns) {
		advise(t, volume->key, volume->origin,
		       "idmap has no effect: a privileged container has the host's ids");
		return 0;
	}
	volume->mapped = true;
	r = idmap_mount_read(t->arena, volume->conf.idmap, &t->idmap, &volume->map, t->err);
	return r < 0 ? fail_from(t, r, volume->origin) : 0;
}

static int find_volume(struct translation *t, struct volume *volume)
{
	int r;

	volume->found = pve_facts_volume(t->facts, volume->key);
	if (!volume->found)
		return fail(t, -ENOENT, volume->origin, "the facts have no path for %s",
			    volume->conf.volume);
	volume->bind = volume->found->kind == PVE_VOLUME_DIR;
	if (!volume->bind && !volume->found->fs)
		return fail_wrong(t, volume->origin,
				  arena_printf(t->arena,
					       "mkfs.ext4 %s makes one, and removes what "
					       "is in it",
					       volume->found->path),
				  "no ext4, xfs or btrfs in %s", volume->found->path);
	add_options(t, volume);
	r = check_quota(t, volume);
	return r < 0 ? r : find_map(t, volume);
}

/* --------------------------------------------------------------------------------------- rootfs */

static const char *map_text(struct arena *arena, const struct idmap *map)
{
	const struct oci_rootfs_idmap idmap = {map->uid, map->gid};
	cleanup_free char *text = oci_rootfs_idmap_write(&idmap);

	return arena_strdup(arena, text);
}

static void annotate_root(struct translation *t, struct volume *volume)
{
	const char *idmap = volume->conf.idmap;

	if (volume->mapped)
		annotate(t, ANNOTATION_ROOTFS_IDMAP,
			 strcmp(idmap, "passthrough") == 0 ? "container"
							   : map_text(t->arena, &volume->map));
	if (!volume->bind)
		annotate(t, ANNOTATION_ROOTFS_IMAGE, volume->found->path);
	if (volume->found->fs)
		*push(t, &volume->options) = arena_printf(t->arena, "fstype=%s", volume->found->fs);
	if (volume->options.count)
		annotate(t, ANNOTATION_ROOTFS_OPTIONS, joined(t->arena, &volume->options));
}

static int set_root(struct translation *t)
{
	struct volume volume = {.key = "rootfs", .origin = option_origin(t, "rootfs")};
	int r = option_read(t, "rootfs", pve_rootfs_properties, &volume.conf);

	if (r >= 0)
		r = find_volume(t, &volume);
	if (r < 0)
		return r;
	t->spec->root.path = volume.bind ? volume.found->path : "rootfs";
	t->spec->root.readonly = opt_bool_or(volume.conf.ro, false) || read_only_type(&volume);
	note_origin(t, volume.origin, "root");
	annotate_root(t, &volume);
	return 0;
}

/* ------------------------------------------------------------------------------------------ mpN */

static void add_extras(struct translation *t, const struct volume *volume)
{
	json_out_array(t->extras, arena_printf(t->arena, "mounts[%zu]", t->spec->mounts.count));
	json_out_string(t->extras, NULL, "no-symlinks");
	json_out_string(t->extras, NULL, "create=dir");
	if (volume->bind)
		json_out_string(t->extras, NULL, "src-nofollow");
	if (opt_bool_or(volume->conf.keepattrs, false))
		json_out_string(t->extras, NULL, "keepattrs");
	json_out_end(t->extras);
}

static void add_mount(struct translation *t, struct volume *volume)
{
	const char *mp = volume->conf.mp + strspn(volume->conf.mp, "/");
	struct oci_mount *mount;

	add_extras(t, volume);
	note_origin(t, volume->origin, "mounts[%zu]", t->spec->mounts.count);
	if (volume->mapped)
		*push(t, &volume->options) = "idmap";
	*push(t, &volume->options) = volume->bind ? "bind" : "loop";
	mount = push(t, &t->spec->mounts);
	mount->destination = arena_printf(t->arena, "/%s", mp);
	mount->type = volume->bind ? "bind" : volume->found->fs;
	mount->source = volume->found->path;
	mount->options = volume->options;
	mount->uid_mappings = volume->map.uid;
	mount->gid_mappings = volume->map.gid;
}

/* As Proxmox does, a line that makes no sense is left out, but with a word about it. */
static int add_volume(struct translation *t, const struct pve_entry *entry)
{
	struct volume volume = {.key = entry->key, .origin = conf_origin(t->arena, t->conf, entry)};
	struct err why = {};
	int r = property_read(t->arena, pve_mp_properties, entry->value, &volume.conf, &why);

	if (r < 0) {
		advise(t, entry->key, volume.origin, "nothing is mounted: %s", why.what);
		return 0;
	}
	r = find_volume(t, &volume);
	if (r < 0)
		return r;
	add_mount(t, &volume);
	return 0;
}

int translate_volumes(struct translation *t)
{
	const struct pve_entry *entry;
	int r = set_root(t);

	for (unsigned int i = 0; r == 0 && (entry = conf_indexed(&t->conf->main, "mp", &i)); i++)
		r = add_volume(t, entry);
	return r;
}
