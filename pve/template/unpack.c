#include "pve/template/unpack.h"

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/own.h"
#include "pve/template/unpack_links.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 1 << 16, PROGRESS_STEP = 1 << 18 };

/* What is there already stays: mount points of the container's volumes. */
static const int disk_flags =
	ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_ACL |
	ARCHIVE_EXTRACT_XATTR | ARCHIVE_EXTRACT_NO_OVERWRITE | ARCHIVE_EXTRACT_SECURE_SYMLINKS |
	ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS;

struct unpacking {
	const struct unpack *unpack;
	struct archive *from;
	struct archive *to;
	const char *name; /* of the member: "" before the first */
	struct unpack_links links;
	uint64_t shown;     /* bytes that progress was last called with */
	uint64_t lost;      /* members that are there, but not with all they had */
	struct err first;   /* of them */
	int64_t start_nsec; /* of CLOCK_MONOTONIC */
};

/* The library's words, and the kernel's where it gives the number alone. Its own numbers for
 * archives that are wrong are negative, or the one for what isn't known. */
static int fail(const struct unpacking *unpacking, struct archive *archive, struct err *err)
{
	const char *why = archive_error_string(archive);
	int num = archive_errno(archive);
	const char *words = num > 0 && num != EILSEQ && num != EINVAL ? strerrordesc_np(num) : NULL;

	if (num <= 0)
		num = EIO;
	if (!why)
		why = "unknown error";
	err_plain(err, -num, "%s%s%s", unpacking->name, *unpacking->name ? ": " : "", why);
	if (words && !strstr(why, words))
		err_set(err, -num, "%s%s%s", unpacking->name, *unpacking->name ? ": " : "", why);
	return -num;
}

/* Sleeps as long as we are ahead of the limit. */
static void keep_pace(const struct unpacking *unpacking, uint64_t done)
{
	const double limit = unpacking->unpack->bwlimit * 1024;
	double ahead_ms;

	if (limit <= 0)
		return;
	ahead_ms = (double)done / limit * 1e3 -
		   (double)(clock_nsec(CLOCK_MONOTONIC) - unpacking->start_nsec) / 1e6;
	if (ahead_ms > 0)
		pause_ms((unsigned int)ahead_ms);
}

static void note_progress(struct unpacking *unpacking)
{
	const struct unpack *unpack = unpacking->unpack;
	uint64_t done = (uint64_t)archive_filter_bytes(unpacking->from, -1);

	keep_pace(unpacking, done);
	if (!unpack->progress || done < unpacking->shown + PROGRESS_STEP)
		return;
	unpack->progress(unpack->data, done, unpack->total);
	unpacking->shown = done;
}

/* A full file system is only a warning to the library. */
static int copy_data(struct unpacking *unpacking, struct err *err)
{
	const void *block;
	la_int64_t offset;
	size_t size;
	int r;

	while ((r = archive_read_data_block(unpacking->from, &block, &size, &offset)) ==
	       ARCHIVE_OK) {
		if (archive_write_data_block(unpacking->to, block, size, offset) < ARCHIVE_OK)
			return fail(unpacking, unpacking->to, err);
		note_progress(unpacking);
	}
	return r == ARCHIVE_EOF ? 0 : fail(unpacking, unpacking->from, err);
}

/* A warning is an attribute that the file system doesn't take; owners were checked before. */
static int judge(struct unpacking *unpacking, int result, struct err *err)
{
	if (result < ARCHIVE_WARN)
		return fail(unpacking, unpacking->to, err);
	if (result == ARCHIVE_WARN && unpacking->lost++ == 0)
		(void)fail(unpacking, unpacking->to, &unpacking->first);
	return 0;
}

static void choose_checks(const struct unpacking *unpacking, struct archive_entry *entry)
{
	int flags = disk_flags;

	if (unpack_links_known(&unpacking->links, entry))
		flags &= ~ARCHIVE_EXTRACT_SECURE_SYMLINKS;
	(void)archive_write_disk_set_options(unpacking->to, flags);
}

static int write_member(struct unpacking *unpacking, struct archive_entry *entry, struct err *err)
{
	int r;

	choose_checks(unpacking, entry);
	r = judge(unpacking, archive_write_header(unpacking->to, entry), err);
	if (r < 0)
		return r;
	if (archive_entry_size(entry) > 0)
		r = copy_data(unpacking, err);
	if (r < 0) {
		(void)archive_write_finish_entry(unpacking->to); /* the first failure counts */
		return r;
	}
	return judge(unpacking, archive_write_finish_entry(unpacking->to), err);
}

static int extract_member(struct unpacking *unpacking, struct archive_entry *entry, struct err *err)
{
	int r = unpack_entry(entry, unpacking->unpack->map, err);

	if (r <= 0)
		return r;
	unpacking->name = archive_entry_pathname(entry);
	if (strcmp(unpacking->name, "oci-layout") == 0) {
		err_plain(err, -EOPNOTSUPP, "this is an OCI image, not the files of a root");
		err_hint(err, "extract its layers and pack them as one archive");
		return -EOPNOTSUPP;
	}
	r = write_member(unpacking, entry, err);
	if (r == 0)
		unpack_links_note(&unpacking->links, entry);
	else
		unpacking->links.folder = NULL;
	return r;
}

/* Whether to go on after a failure that the caller asked to pass over. */
static bool pass_over(const struct unpacking *unpacking, int r, struct err *err)
{
	char line[1024];

	if (!unpacking->unpack->ignore_errors || r == -EOPNOTSUPP)
		return false;
	if (unpacking->unpack->warn)
		unpacking->unpack->warn(unpacking->unpack->data, err_text(err, line, sizeof(line)));
	err_clear(err);
	return true;
}

static int extract_members(struct unpacking *unpacking, struct err *err)
{
	struct archive_entry *entry;
	int r;

	while ((r = archive_read_next_header(unpacking->from, &entry)) >= ARCHIVE_WARN &&
	       r != ARCHIVE_EOF) {
		int failed = extract_member(unpacking, entry, err);

		unpacking->name = "";
		if (failed < 0 && !pass_over(unpacking, failed, err))
			return failed;
		note_progress(unpacking);
	}
	if (r == ARCHIVE_EOF)
		return 0;
	r = fail(unpacking, unpacking->from, err);
	return pass_over(unpacking, r, err) ? 0 : r;
}

static void warn_lost(const struct unpacking *unpacking)
{
	char line[1024], text[1200];

	if (!unpacking->lost || !unpacking->unpack->warn)
		return;
	(void)snprintf(
		text, sizeof(text), "attributes of %lu members could not be set; the first: %s",
		(unsigned long)unpacking->lost, err_text(&unpacking->first, line, sizeof(line)));
	unpacking->unpack->warn(unpacking->unpack->data, text);
}

static int extract_all(struct unpacking *unpacking, struct err *err)
{
	const struct unpack *unpack = unpacking->unpack;
	int r = extract_members(unpacking, err);

	if (r < 0)
		return r;
	/* Times and modes of directories are set at the end, when nothing changes in them. */
	if (archive_write_close(unpacking->to) < ARCHIVE_WARN)
		return fail(unpacking, unpacking->to, err);
	if (unpack->progress)
		unpack->progress(unpack->data, unpack->total, unpack->total);
	warn_lost(unpacking);
	return 0;
}

static int open_archive(const struct unpacking *unpacking, struct err *err)
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
	(void)archive_write_disk_set_user_lookup(unpacking->to, NULL, unpack_uid, NULL);
	(void)archive_write_disk_set_group_lookup(unpacking->to, NULL, unpack_gid, NULL);
	if (archive_read_open_fd(from, unpacking->unpack->fd, BLOCK) != ARCHIVE_OK)
		return fail(unpacking, from, err);
	return 0;
}

int unpack_archive(const struct unpack *unpack, struct err *err)
{
	struct unpacking unpacking = {
		.unpack = unpack,
		.from = archive_read_new(),
		.to = archive_write_disk_new(),
		.name = "",
	};
	int r = open_archive(&unpacking, err);

	unpacking.start_nsec = clock_nsec(CLOCK_MONOTONIC);
	if (r == 0)
		r = extract_all(&unpacking, err);
	if (unpacking.from)
		(void)archive_read_free(unpacking.from); /* everything that counts was checked */
	if (unpacking.to)
		(void)archive_write_free(unpacking.to);
	arena_free(&unpacking.links.arena);
	return r;
}
