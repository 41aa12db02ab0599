#include "lib/own.h"
#include "pve/guest/guest.h"

#include <criterion/criterion.h>

#define ALICE "alice:x:1000:1000::/home/alice:/bin/zsh\n"

static const struct {
	const char *name, *passwd;
	unsigned int uid;
	const char *shell;
} rows[] = {
	{"no file", NULL, 0, "/bin/sh"},
	{"empty", "", 0, "/bin/sh"},
	{"root", "root:x:0:0:root:/root:/bin/bash\n" ALICE, 0, "/bin/bash"},
	{"behind others", ALICE "root:x:0:0:root:/root:/bin/ash\n", 0, "/bin/ash"},
	{"by number, not by name", ALICE "toor:x:0:0::/:/bin/csh", 0, "/bin/csh"},
	{"another", "root:x:0:0:root:/root:/bin/bash\n" ALICE, 1000, "/bin/zsh"},
	{"nobody of that number", ALICE, 0, "/bin/sh"},
	{"no shell", "root:x:0:0:root:/root:\n" ALICE, 0, "/bin/sh"},
	{"too short a line", "root:x:0:0\n", 0, "/bin/sh"},
	{"no path", "root:x:0:0:root:/root:bash\n", 0, "/bin/sh"},
	{"no number", "root:x::0:root:/root:/bin/bash\n", 0, "/bin/sh"},
	{"more fields", "root:x:0:0:root:/root:/bin/bash:more\n", 0, "/bin/bash"},
	{"empty lines", "\n\nroot:x:0:0:root:/root:/bin/bash\n", 0, "/bin/bash"},
};

Test(guest_login, shell)
{
	struct arena arena = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *shell = guest_shell(&arena, rows[i].passwd, rows[i].uid);

		cr_expect_str_eq(shell, rows[i].shell, "%s: %s", rows[i].name, shell);
	}
	arena_free(&arena);
}
