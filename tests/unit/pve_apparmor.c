#include "pve/lxc/apparmor.h"

#include "lib/own.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/wait.h>

static const char *const raw[] = {"allow change_profile,", "mount fstype=nfs,"};

#define NAME "lxc-100_</var/lib/lxc>"
#define ABI  "/etc/apparmor.d/abi/3.0"

static const struct {
	struct apparmor_profile profile;
	const char *has[5];
	const char *lacks[4];
} rows[] = {
	{{NAME, "3.0", false, false, 2, raw},
	 {"abi <abi/3.0>,\n\n@{OUTSIDE}=",
	  "profile \"" NAME "\" flags=(attach_disconnected,mediate_deleted) {",
	  "deny /proc/sys/fs/binfmt_misc/** wklx,", "deny /proc/sys/[^fkn]** wklx,",
	  "  mount fstype=nfs,\n}"},
	 {"\n  mount,", "/dev/.lxc/proc", "nosymfollow"}},
	{{NAME, NULL, true, true},
	 {"\n  mount,", "deny /dev/.lxc/proc/** rw,", "pivot_root,", "deny /proc/kcore rwklx,"},
	 {"deny /proc/sys/fs/binfmt_misc", "deny /proc/sys/[^fkn]**", "from the configuration",
	  "abi <"}},
	{{NAME, "3.0", false, true},
	 {"mount fstype=binfmt_misc,", "deny /sys/class/[^n]** wklx,"},
	 {"\n  mount,", "deny /proc/sys/fs/binfmt_misc"}},
	{{NAME, "4.0", false, true}, {"nodev, nosuid, noexec, nosymfollow, strictatime)"}},
};

Test(apparmor, blocks)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		const char *text = apparmor_profile_write(&arena, &rows[i].profile);

		for (size_t j = 0; j < 5 && rows[i].has[j]; j++)
			cr_expect(strstr(text, rows[i].has[j]), "row %zu lacks '%s'", i,
				  rows[i].has[j]);
		for (size_t j = 0; j < 4 && rows[i].lacks[j]; j++)
			cr_expect_not(strstr(text, rows[i].lacks[j]), "row %zu has '%s'", i,
				      rows[i].lacks[j]);
		arena_free(&arena);
	}
}

/* apparmor_parser knows the language; -Q loads nothing, -M stands for the kernel's features. */
Test(apparmor, parser_accepts)
{
	if (access("/sbin/apparmor_parser", X_OK) < 0 || access(ABI, R_OK) < 0)
		cr_skip("apparmor_parser or its ABI 3.0 is not installed");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *text = apparmor_profile_write(&arena, &rows[i].profile);
		FILE *parser;
		int status;

		if (apparmor_abi_has_v4(rows[i].profile.abi))
			continue;
		parser = popen("/sbin/apparmor_parser -Q -K -M " ABI " >/dev/null 2>&1", "we");
		cr_assert_not_null(parser);
		cr_expect_geq(fputs(text, parser), 0);
		status = pclose(parser);
		cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "row %zu: status %x", i,
			  (unsigned int)status);
	}
}
