#include "pve/template/unpack.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "pve/lxc/idmap.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

/* "/a", "./a", ".//a" are all "a"; the top itself is ".". */
static const char *relative(const char *name)
{
	for (;;) {
		if (*name == '/')
			name++;
		else if (name[0] == '.' && name[1] == '/')
			name += 2;
		else
			return *name ? name : ".";
	}
}

static void make_relative(struct archive_entry *entry)
{
	const char *link = archive_entry_hardlink(entry);
	char *name = strdup(relative(archive_entry_pathname(entry)));
	char *target = link ? strdup(relative(link)) : NULL;

	if (name)
		archive_entry_copy_pathname(entry, name);
	if (target)
		archive_entry_copy_hardlink(entry, target);
	free(name);
	free(target);
}

static bool wanted_attribute(const char *name)
{
	return starts_with(name, "user.") || strcmp(name, "security.capability") == 0;
}

/* Others are labels of another machine's policy, or trusted.*. */
static int keep_attributes(struct archive_entry *entry)
{
	struct archive_entry *all = archive_entry_clone(entry);
	const char *name;
	const void *value;
	size_t size;

	if (!all)
		return -ENOMEM;
	archive_entry_xattr_clear(entry);
	(void)archive_entry_xattr_reset(all); /* returns their number */
	while (archive_entry_xattr_next(all, &name, &value, &size) == ARCHIVE_OK)
		if (wanted_attribute(name))
			archive_entry_xattr_add_entry(entry, name, value, size);
	archive_entry_free(all);
	return 0;
}

static bool mapped(const struct oci_id_mappings *mappings, int64_t id)
{
	for (size_t i = 0; i < mappings->count; i++) {
		int64_t first = mappings->items[i].container_id;

		if (id >= first && id < first + mappings->items[i].size)
			return true;
	}
	return false;
}

static int check_owner(struct archive_entry *entry, const struct idmap *map, struct err *err)
{
	int64_t uid = archive_entry_uid(entry), gid = archive_entry_gid(entry);

	if (!map || (mapped(&map->uid, uid) && mapped(&map->gid, gid)))
		return 0;
	return err_plain(err, -EINVAL, "%s: owner %lld:%lld is not in the container's id map",
			 archive_entry_pathname(entry), (long long)uid, (long long)gid);
}

int unpack_entry(struct archive_entry *entry, const struct idmap *map, struct err *err)
{
	const char *name;
	int r;

	if (!archive_entry_pathname(entry))
		return err_plain(err, -EINVAL, "a member has no name");
	make_relative(entry);
	name = archive_entry_pathname(entry);
	if (starts_with(name, "dev/") && name[4])
		return 0; /* /dev is made at each start */
	r = check_owner(entry, map, err);
	if (r < 0)
		return r;
	r = keep_attributes(entry);
	return r < 0 ? err_set(err, r, "read attributes of %s", name) : 1;
}
