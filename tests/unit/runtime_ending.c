#include "runtime/ending.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "runtime/container.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

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
		.status = SIGINT,
		.halted = true,
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
	cr_expect(read.seen && read.status == written.status && read.halted);
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
		{{.seen = true, .status = SIGINT}, "killed by SIGINT"},
		{{.seen = true, .status = SIGINT, .halted = true}, "powered off"},
		{{.seen = true, .status = SIGHUP, .halted = true}, "rebooted"},
		{{.status = 7 << 8}, "unseen: its monitor was gone"},
	};
	cleanup_(arena_free) struct arena arena = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_str_eq(ending_text(&arena, &rows[i].ending), rows[i].text);
}

static const struct halted_row {
	const char *pids; /* members of the spec's pid namespace */
	int status;
	bool halted;
} halted_rows[] = {
	{"", SIGINT, true},
	{"", SIGHUP, true},
	{"", SIGKILL, false},
	{"", SIGINT << 8, false}, /* an exit status */
	{",\"path\":\"/proc/1/ns/pid\"", SIGINT, false},
	{",\"path\":\"/proc/1/ns/pid\"", SIGHUP, false},
};

Test(runtime_ending, halted)
{
	char folder[] = "/tmp/pctrun-unit.XXXXXX", spec[160];

	cr_assert_not_null(mkdtemp(folder));
	for (size_t i = 0; i < ARRAY_SIZE(halted_rows); i++) {
		const struct halted_row *row = &halted_rows[i];
		cleanup_close int state_fd = open(folder, O_PATH | O_DIRECTORY);

		(void)snprintf(spec, sizeof(spec),
			       "{\"ociVersion\":\"1.0.2\",\"linux\":{\"namespaces\":"
			       "[{\"type\":\"pid\"%s}]}}",
			       row->pids);
		cr_assert_eq(file_replace(state_fd, "config.json", spec, strlen(spec), 0600, false,
					  NULL),
			     0);
		cr_expect_eq(ending_halted(state_fd, row->status), row->halted, "row %zu", i);
		(void)unlinkat(state_fd, "config.json", 0);
	}
	cr_expect_eq(rmdir(folder), 0);
}
