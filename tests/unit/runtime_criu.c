#include "lib/own.h"
#include "lib/text.h"
#include "runtime/criu_log.h"

#include <criterion/criterion.h>

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
		{"(00.01) Error (criu/files.c:1): a file \x1b[31mred\r\n", "a file \\x1b[31mred\\x0d"},
		{"Error (\n): x\n", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text reason = {};

		criu_log_reason(rows[i].log, &reason);
		cr_assert_str_eq(text_str(&reason), rows[i].reason, "row %zu: %s", i,
				 text_str(&reason));
	}
}
