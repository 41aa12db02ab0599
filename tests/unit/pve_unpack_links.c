#include "lib/arena.h"
#include "lib/own.h"
#include "pve/template/unpack_links.h"

#include <archive_entry.h>
#include <criterion/criterion.h>
#include <stdio.h>

static void fill(struct archive_entry *entry, char type, const char *path)
{
	archive_entry_clear(entry);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, type == 'd'   ? AE_IFDIR
					  : type == 'l' ? AE_IFLNK
							: AE_IFREG);
	if (type == 'h')
		archive_entry_set_hardlink(entry, "elsewhere");
}

Test(pve_unpack_links, which_are_known)
{
	/* In this order: a directory, a file, a symbolic and a hard link, and whether it is known.
	 */
	static const struct {
		char type;
		const char *path;
		bool known;
	} rows[] = {
		{'d', "a", false},     {'f', "a/one", false},   {'f', "a/two", true},
		{'f', "b", false},     {'f', "c", true},        {'d', "a/sub", false},
		{'f', "a/two", true},  {'f', "a/sub/x", false}, {'f', "a/subx", false},
		{'l', "a/l", false},   {'f', "a/three", false}, {'f', "a/l", false},
		{'f', "a/four", true}, {'h', "a/h", false},     {'f', "a/five", false},
		{'f', "a/h", false},   {'f', "l/x", false},
	};
	struct archive_entry *entry = archive_entry_new();
	struct unpack_links links = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		fill(entry, rows[i].type, rows[i].path);
		cr_expect_eq(unpack_links_known(&links, entry), rows[i].known, "row %zu: %s", i,
			     rows[i].path);
		unpack_links_note(&links, entry);
	}
	archive_entry_free(entry);
	arena_free(&links.arena);
}

Test(pve_unpack_links, many)
{
	struct archive_entry *entry = archive_entry_new();
	struct unpack_links links = {};
	char path[32];

	for (unsigned int i = 0; i < 5000; i++) {
		(void)snprintf(path, sizeof(path), "a/%u", i);
		fill(entry, 'l', path);
		unpack_links_note(&links, entry);
	}
	fill(entry, 'f', "a/file");
	unpack_links_note(&links, entry);
	cr_expect(unpack_links_known(&links, entry));
	for (unsigned int i = 0; i < 5000; i++) {
		(void)snprintf(path, sizeof(path), "a/%u", i);
		fill(entry, 'f', path);
		cr_expect_not(unpack_links_known(&links, entry), "%s", path);
	}
	archive_entry_free(entry);
	arena_free(&links.arena);
}
