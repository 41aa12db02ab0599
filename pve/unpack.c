#include "pve/unpack.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "pve/idmap.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

enum { BLOCK = 1 << 16, PROGRESS_STEP = 1 << 20 };

static const int disk_flags =
	ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_ACL |
	ARCHIVE_EXTRACT_XATTR | ARCHIVE_EXTRACT_NO_OVERWRITE | ARCHIVE_EXTRACT_SECURE_SYMLINKS |
	ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS;

struct unpacking {
	struct archive *from;
	struct archive *to;
	const char *name; /* of the member: "" before the first */
};

static int fail(const struct unpacking *unpacking, struct archive *archive, struct err *err)
{
	const char *why = archive_error_string(archive);
	int num = archive_errno(archive);

	err_plain(err, num > 0 ? -num : -EIO, "%s%s%s", unpacking->name,
		  *unpacking->name ? ": " : "", why ? why : "unknown error");
	return num > 0 ? -num : -EIO;
}

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

static bool wanted_attribute(const char *name)
{
	return starts_with(name, "user.") || strcmp(name, "security.capability") == 0;
}

/* Other attributes belong to the machine that made the archive: labels, trusted.*. */
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

static int check_owner(const struct unpack *unpack, struct archive_entry *entry, const char *name,
		       struct err *err)
{
	int64_t uid = archive_entry_uid(entry), gid = archive_entry_gid(entry);

	if (!unpack->map || (mapped(&unpack->map->uid, uid) && mapped(&unpack->map->gid, gid)))
		return 0;
	return err_plain(err, -EINVAL, "%s: owner %lld:%lld is not in the container's id map", name,
			 (long long)uid, (long long)gid);
}

static int copy_data(const struct unpacking *unpacking, struct err *err)
{
	const void *block;
	la_int64_t offset;
	size_t size;
	int r;

	while ((r = archive_read_data_block(unpacking->from, &block, &size, &offset)) == ARCHIVE_OK)
		if (archive_write_data_block(unpacking->to, block, size, offset) < ARCHIVE_WARN)
			return fail(unpacking, unpacking->to, err);
	return r == ARCHIVE_EOF ? 0 : fail(unpacking, unpacking->from, err);
}

/* Names are made relative: as the entry's own, also those of hard links. */
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

static int extract_entry(const struct unpack *unpack, struct unpacking *unpacking,
			 struct archive_entry *entry, struct err *err)
{
	int r;

	make_relative(entry);
	unpacking->name = archive_entry_pathname(entry);
	if (starts_with(unpacking->name, "dev/") && unpacking->name[4])
		return 0;
	r = check_owner(unpack, entry, unpacking->name, err);
	if (r < 0)
		return r;
	r = keep_attributes(entry);
	if (r < 0)
		return err_set(err, r, "read attributes of %s", unpacking->name);
	if (archive_write_header(unpacking->to, entry) < ARCHIVE_WARN)
		return fail(unpacking, unpacking->to, err);
	if (archive_entry_size(entry) > 0)
		r = copy_data(unpacking, err);
	/* A warning: a file system without this kind of attribute. Owners were checked. */
	if (r == 0 && archive_write_finish_entry(unpacking->to) < ARCHIVE_WARN)
		return fail(unpacking, unpacking->to, err);
	return r;
}

static int extract_all(const struct unpack *unpack, struct unpacking *unpacking, struct err *err)
{
	struct archive_entry *entry;
	uint64_t shown = 0;
	int r;

	while ((r = archive_read_next_header(unpacking->from, &entry)) >= ARCHIVE_WARN &&
	       r != ARCHIVE_EOF) {
		uint64_t done = (uint64_t)archive_filter_bytes(unpacking->from, -1);
		int failed;

		if (!archive_entry_pathname(entry))
			return err_plain(err, -EINVAL, "a member has no name");
		failed = extract_entry(unpack, unpacking, entry, err);
		if (failed < 0)
			return failed;
		if (unpack->progress && done >= shown + PROGRESS_STEP) {
			unpack->progress(unpack->data, done, unpack->total);
			shown = done;
		}
		unpacking->name = "";
	}
	if (r != ARCHIVE_EOF)
		return fail(unpacking, unpacking->from, err);
	/* Times and modes of directories are set at the end, when nothing changes in them. */
	if (archive_write_close(unpacking->to) < ARCHIVE_WARN)
		return fail(unpacking, unpacking->to, err);
	if (unpack->progress)
		unpack->progress(unpack->data, unpack->total, unpack->total);
	return 0;
}

static int open_archive(const struct unpack *unpack, struct unpacking *unpacking, struct err *err)
{
	struct archive *from = unpacking->from;

	if (!from || !unpacking->to)
		return err_set(err, -ENOMEM, "start to read");
	(void)archive_read_support_format_tar(from); /* a missing one shows at the first header */
	(void)archive_read_support_filter_gzip(from);
	(void)archive_read_support_filter_xz(from);
	(void)archive_read_support_filter_zstd(from);
	(void)archive_read_support_filter_bzip2(from);
	(void)archive_write_disk_set_options(unpacking->to, disk_flags);
	if (archive_read_open_fd(from, unpack->fd, BLOCK) != ARCHIVE_OK)
		return fail(unpacking, from, err);
	return 0;
}

int unpack_archive(const struct unpack *unpack, struct err *err)
{
	struct unpacking unpacking = {
		.from = archive_read_new(),
		.to = archive_write_disk_new(),
		.name = "",
	};
	int r = open_archive(unpack, &unpacking, err);

	if (r == 0)
		r = extract_all(unpack, &unpacking, err);
	if (unpacking.from)
		(void)archive_read_free(unpacking.from); /* everything that counts was checked */
	if (unpacking.to)
		(void)archive_write_free(unpacking.to);
	return r;
}
