#include "pve/apparmor.h"

#include "lib/own.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char *const raw[] = {"allow mqueue,", "mount fstype=nfs,"};

static const struct {
	struct apparmor_profile profile;
	const char *has[4];
	const char *lacks[4];
} rows[] = {
	{{"lxc-100_</var/lib/lxc>", false, false, 2, raw},
	 {"profile \"lxc-100_</var/lib/lxc>\" flags=(attach_disconnected,mediate_deleted) {",
	  "deny /proc/sys/fs/binfmt_misc/** wklx,", "deny /proc/sys/[^fkn]** wklx,",
	  "  mount fstype=nfs,\n}"},
	 {"\n  mount,", "/dev/.lxc/proc"}},
	{{"lxc-100_</var/lib/lxc>", true, true},
	 {"\n  mount,", "deny /dev/.lxc/proc/** rw,", "pivot_root,", "deny /proc/kcore rwklx,"},
	 {"deny /proc/sys/fs/binfmt_misc", "deny /proc/sys/[^fkn]**", "from the configuration"}},
	{{"lxc-100_</var/lib/lxc>", false, true},
	 {"mount fstype=binfmt_misc,", "deny /sys/class/[^n]** wklx,"},
	 {"\n  mount,", "deny /proc/sys/fs/binfmt_misc"}},
};

Test(apparmor, blocks)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		const char *text = apparmor_profile_write(&arena, &rows[i].profile);

		for (size_t j = 0; j < 4 && rows[i].has[j]; j++)
			cr_expect(strstr(text, rows[i].has[j]), "row %zu lacks '%s'", i,
				  rows[i].has[j]);
		for (size_t j = 0; j < 4 && rows[i].lacks[j]; j++)
			cr_expect_not(strstr(text, rows[i].lacks[j]), "row %zu has '%s'", i,
				      rows[i].lacks[j]);
		arena_free(&arena);
	}
}

/* apparmor_parser knows the language; -Q loads nothing. */
Test(apparmor, parser_accepts)
{
	if (access("/sbin/apparmor_parser", X_OK) < 0)
		cr_skip("apparmor_parser is not installed");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		const char *text = apparmor_profile_write(&arena, &rows[i].profile);
		FILE *parser = popen("/sbin/apparmor_parser -Q -K >/dev/null 2>&1", "we");
		int status;

		cr_assert_not_null(parser);
		cr_expect_geq(fputs(text, parser), 0);
		status = pclose(parser);
		cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "row %zu: status %x", i,
			  (unsigned int)status);
		arena_free(&arena);
	}
}
