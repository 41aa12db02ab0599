#include "runtime/ending.h"

#include "lib/arena.h"
#include "runtime/container.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>

static void remove_all(const char *root)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/.last", root);
	cr_expect_eq(rmdir(path), 0, "only the note itself was made");
	cr_expect_eq(rmdir(root), 0);
}

Test(runtime_ending, kept)
{
	char root[] = "/tmp/pctrun-unit.XXXXXX";
	const struct ending written = {
		.time = "2026-11-25T00:00:00Z",
		.seen = true,
		.status = 7 << 8,
		.oom_kills = {true, 2},
		.oom_time = "2026-11-24T00:00:00Z",
		.memory_origin = "memory: in 100.conf, line 3",
	};
	struct runtime runtime = {.root = mkdtemp(root)};
	cleanup_(arena_free) struct arena arena = {};
	struct ending read;

	cr_assert_eq(ending_read(&arena, &runtime, "100", &read, NULL), -ENOENT);
	cr_assert_eq(ending_write(&runtime, "100", &written, NULL), 0);
	cr_assert_eq(ending_read(&arena, &runtime, "100", &read, NULL), 0);
	cr_expect_str_eq(read.time, written.time);
	cr_expect(read.seen && read.status == written.status);
	cr_expect(read.oom_kills.set && read.oom_kills.value == 2);
	cr_expect_str_eq(read.oom_time, written.oom_time);
	cr_expect_str_eq(read.memory_origin, written.memory_origin);
	ending_forget(&runtime, "100");
	cr_expect_eq(ending_read(&arena, &runtime, "100", &read, NULL), -ENOENT);
	remove_all(root);
}

Test(runtime_ending, words)
{
	static const struct {
		struct ending ending;
		const char *text;
	} rows[] = {
		{{.seen = true}, "exit status 0"},
		{{.seen = true, .status = 7 << 8}, "exit status 7"},
		{{.seen = true, .status = SIGKILL}, "killed by SIGKILL"},
		{{.status = 7 << 8}, "unseen: its monitor was gone"},
	};
	cleanup_(arena_free) struct arena arena = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_str_eq(ending_text(&arena, &rows[i].ending), rows[i].text);
}
