#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/run.h"
#include "lib/text.h"
#include "runtime/checkpoint.h"
#include "runtime/criu.h"
#include "runtime/criu_image.h"
#include "runtime/criu_log.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Test(criu, reasons)
{
	static const struct {
		const char *log;
		const char *reason;
	} rows[] = {
		{"", ""},
		{"(00.000001) Version: 3.17.1\n(00.000002) Warn  (criu/a.c:1): odd\n", ""},
		{"(00.07) Error (criu/mount.c:1088): mnt: Mount 56 is unreachable\n"
		 "(00.08) Error (criu/cr-dump.c:2053): Dumping FAILED.\n",
		 "mnt: Mount 56 is unreachable"},
		{"(00.01)      1: Error (criu/files.c:1): first\n"
		 "(00.02) going on\n"
		 "(00.03) Error (criu/files.c:2): second\n"
		 "(00.04) Error (criu/files.c:3): third\n",
		 "first; second"},
		{"(00.01) Error (criu/files.c:1): no line's end", "no line's end"},
		{"(00.01) pie: 31: Error (criu/pie/restorer.c:9): in the restorer\n",
		 "in the restorer"},
		{"(00.01) Error (criu/files.c:1): a file \x1b[31mred\r\n",
		 "a file \\x1b[31mred\\x0d"},
		{"Error (\n): x\n", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text reason = {};

		criu_log_reason(rows[i].log, &reason);
		cr_assert_str_eq(text_str(&reason), rows[i].reason, "row %zu: %s", i,
				 text_str(&reason));
	}
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

/* A folder below a new one, as the images' of a checkpoint. */
static struct criu_image made_in(struct arena *arena, char *folder, const char **path)
{
	struct criu_options options = {};
	struct criu_image image;
	struct err err = {};

	cr_assert_not_null(mkdtemp(folder));
	*path = options.image_path = arena_printf(arena, "%s/images", folder);
	cr_assert_eq(criu_image_make(arena, &options, &image, &err), 0, "%s", err.what);
	return image;
}

Test(criu, lets_a_group_in_for_a_while)
{
	cleanup_(arena_free) struct arena arena = {};
	char folder[] = "/tmp/pctrun-criu-XXXXXX";
	const char *path;
	struct criu_image image = made_in(&arena, folder, &path);
	cleanup_close int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct journal *journal = NULL;
	const struct json *entries, *record;

	cr_expect_eq(mode_of(path), 0700);
	cr_assert_eq(journal_open(folder_fd, &journal, NULL), 0);
	cr_assert_eq(criu_image_let_in(&image, getegid(), journal, NULL), 0);
	cr_expect_eq(mode_of(path), 0710);

	/* Another process, after a kill: any number of times, and not against the user's own. */
	cr_assert_eq(journal_read(&arena, folder_fd, &entries, NULL), 0);
	record = json_find(entries->first, "record");
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(criu_image_kind.undo(record, NULL, NULL), 0);
		cr_expect_eq(mode_of(path), 0700);
	}
	cr_assert_eq(chmod(path, 0770), 0);
	cr_expect_eq(criu_image_kind.undo(record, NULL, NULL), 0);
	cr_expect_eq(mode_of(path), 0770);

	criu_image_close(&image);
	cr_expect_eq(mode_of(path), 0700);
	journal_close(journal);
	cr_expect_eq(unlinkat(folder_fd, "journal", 0), 0);
	cr_expect_eq(rmdir(path), 0);
	cr_expect_eq(rmdir(folder), 0);
	cr_expect_eq(criu_image_kind.undo(record, NULL, NULL), 0);
}

Test(criu, drops_what_is_empty)
{
	for (int kept = 0; kept < 2; kept++) {
		cleanup_(arena_free) struct arena arena = {};
		char folder[] = "/tmp/pctrun-criu-XXXXXX";
		const char *path, *log;
		struct criu_image image = made_in(&arena, folder, &path);

		log = arena_printf(&arena, "%s/dump.log", path);
		cr_assert(!kept || mkdir(log, 0700) == 0);
		criu_image_drop(&image);
		criu_image_close(&image);
		cr_expect_eq(mode_of(path) != 0, kept);
		cr_expect(!kept || (rmdir(log) == 0 && rmdir(path) == 0));
		cr_expect_eq(rmdir(folder), 0);
	}
}

Test(criu, says_what_to_do)
{
	static const struct {
		const char *log, *hint;
	} rows[] = {
		{"Error (criu/vdso.c:1): vdso: Unexpected rt vDSO area bounds: 1\n",
		 "`criu check` says"},
		{"Error (criu/mount.c:1): mnt: Mount 56 is unreachable\n", "its log is"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		char folder[] = "/tmp/pctrun-criu-XXXXXX";
		const struct criu criu = {.failed = true};
		const char *path, *log;
		struct criu_image image = made_in(&arena, folder, &path);
		struct err err = {};
		FILE *file;

		log = arena_printf(&arena, "%s/dump.log", path);
		file = fopen(log, "w");
		cr_assert(file && fputs(rows[i].log, file) >= 0 && fclose(file) == 0);
		criu_image_failed(&image, &criu, &err);
		criu_image_close(&image);
		cr_expect(strncmp(err.hint, rows[i].hint, strlen(rows[i].hint)) == 0, "row %zu: %s",
			  i, err.hint);
		cr_expect(strstr(err.hint, log), "row %zu: %s", i, err.hint);
		cr_expect(unlink(log) == 0 && rmdir(path) == 0 && rmdir(folder) == 0);
	}
}
