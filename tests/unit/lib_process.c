#include "lib/process.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"

#include <criterion/criterion.h>
#include <errno.h>

/* Whether the output is wanted changes nothing else. */
Test(process, status)
{
	const struct {
		const char *script, *output;
		int status;
	} rows[] = {
		{"true", "", 0},
		{"echo out; echo err >&2", "out\nerr\n", 0},
		{"echo no; exit 7", "no\n", 7},
		{"kill -TERM $$", "", -EIO},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *const argv[] = {"sh", "-c", rows[i].script, NULL};
		cleanup_(text_free) struct text output = {};
		struct err err = {};

		cr_expect_eq(process_status(argv, &output, &err), rows[i].status, "%s",
			     rows[i].script);
		cr_expect_str_eq(text_str(&output), rows[i].output, "%s", rows[i].script);
		cr_expect_eq(process_status(argv, NULL, NULL), rows[i].status, "%s: no output",
			     rows[i].script);
	}
}

Test(process, no_such_tool)
{
	const char *const argv[] = {"no-such-tool", NULL};
	struct err err = {};

	cr_expect_eq(process_status(argv, NULL, &err), -ENOENT);
	cr_expect(!process_has(argv[0]));
}

Test(process, reason)
{
	const struct {
		const char *script, *what;
	} rows[] = {
		{"echo first; echo last; exit 1", "sh: exit status 1: last"},
		{"echo 'sh: the reason'; echo last; exit 2", "sh: exit status 2: the reason"},
		{"echo 'error: the reason'; echo; echo 'Usage:'; exit 1",
		 "sh: exit status 1: the reason"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *const argv[] = {"sh", "-c", rows[i].script, NULL};
		struct err err = {};

		cr_expect_eq(process_run(argv, NULL, &err), -EIO, "%s", rows[i].script);
		cr_expect_str_eq(err.what, rows[i].what);
	}
}
