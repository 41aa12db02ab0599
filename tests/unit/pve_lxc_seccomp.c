#include "pve/lxc/seccomp.h"

#include "lib/err.h"
#include "lib/text.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/syscall.h>

/* One line per rule: "names action errno [index,value,valueTwo,op]". */
static const char *as_text(const struct oci_seccomp *seccomp, struct text *text)
{
	text_addf(text, "%s", seccomp->default_action);
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		const struct oci_seccomp_rule *rule = &seccomp->syscalls.items[i];

		text_add(text, "\n");
		for (size_t j = 0; j < rule->names.count; j++)
			text_addf(text, "%s%s", j ? "," : "", rule->names.items[j]);
		text_addf(text, " %s", rule->action + strlen("SCMP_ACT_"));
		if (rule->errno_ret.set)
			text_addf(text, " %lu", rule->errno_ret.value);
		for (size_t j = 0; j < rule->args.count; j++)
			text_addf(text, " [%u,%lu,%lu,%s]", rule->args.items[j].index,
				  rule->args.items[j].value, rule->args.items[j].value_two,
				  rule->args.items[j].op + strlen("SCMP_CMP_"));
	}
	return text_str(text);
}

#define COMMON                                                                                     \
	"SCMP_ACT_ALLOW\n"                                                                         \
	"umount2 ERRNO 13 [1,1,1,MASKED_EQ]\n"                                                     \
	"kexec_load,open_by_handle_at,init_module,finit_module,delete_module ERRNO 1"
#define BTRFS  "\nioctl ERRNO 1 [1,65280,37888,MASKED_EQ]"
#define KEYCTL "\nkeyctl ERRNO 38"
#define ALG    "\nsocket ERRNO 97 [0,38,0,EQ]"

Test(lxc_seccomp, defaults)
{
	static const struct {
		struct lxc_seccomp_defaults defaults;
		const char *rules;
	} rows[] = {
		{{"x86_64", false, false}, COMMON},
		{{"x86_64", true, false}, COMMON BTRFS KEYCTL ALG},
		{{"x86_64", true, true}, COMMON BTRFS ALG},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};
		struct arena arena = {};
		struct oci_strings because = {};
		const struct oci_seccomp *seccomp =
			lxc_seccomp_default(&arena, &rows[i].defaults, &because);

		cr_expect_str_eq(as_text(seccomp, &text), rows[i].rules, "row %zu", i);
		cr_expect_eq(because.count, seccomp->syscalls.count);
		cr_expect_eq(seccomp->architectures.count, 3);
		cr_expect(seccomp->flags_set && seccomp->flags.count == 0);
		arena_free(&arena);
	}
}

/* Those of this machine are meant. */
#define DIGITS(number) #number
#define NUMBER(number) DIGITS(number)

static const struct {
	const char *text;
	const char *rules; /* NULL: refused, @wrong being part of the message */
	const char *wrong;
	size_t notes;
} profiles[] = {
	{"2\ndenylist\nmknod errno 1\n", "SCMP_ACT_ALLOW\nmknod ERRNO 1"},
	{"2\nblacklist\n# comment\n\n[all]\nmknod\r\n", "SCMP_ACT_ALLOW\nmknod KILL"},
	{"2\ndenylist errno 38\nmknod\nsetns trap\n", "SCMP_ACT_ALLOW\nmknod ERRNO 38\nsetns TRAP"},
	{"2\nallowlist\nread\nwrite errno 5", "SCMP_ACT_KILL\nread ALLOW\nwrite ERRNO 5"},
	{"2\nwhitelist errno 1\nread\n", "SCMP_ACT_ERRNO\nread ALLOW"},
	{"2\ndenylist\nreject_force_umount # comment\n", NULL, "no such action"},
	{"2\ndenylist\nreject_force_umount\n",
	 "SCMP_ACT_ALLOW\numount2 ERRNO 13 [1,1,1,MASKED_EQ]"},
	{"2\ndenylist\nioctl errno 1 [1,0x9400,SCMP_CMP_MASKED_EQ,0xff00]\n",
	 "SCMP_ACT_ALLOW\nioctl ERRNO 1 [1,65280,37888,MASKED_EQ]"},
	{"2\ndenylist\nsocket errno 97 [0,38,==] [1, 010, >=]\n",
	 "SCMP_ACT_ALLOW\nsocket ERRNO 97 [0,38,0,EQ] [1,8,0,GE]"},
	{"2\ndenylist\nsocket [0,1,SCMP_CMP_NE]\n", "SCMP_ACT_ALLOW\nsocket KILL [0,1,0,NE]"},
	{"2\ndenylist\n[x86_64]\na errno 1\n[arm]\nb\n[all]\nc\n",
	 "SCMP_ACT_ALLOW\na ERRNO 1\nc KILL", .notes = 1},
	{"2\ndenylist\nmknod notify\nmknodat notify\n",
	 "SCMP_ACT_ALLOW\nmknod ERRNO 38\nmknodat ERRNO 38", .notes = 1},
	{"1\n" NUMBER(__NR_read) "\n" NUMBER(__NR_write) "\n",
	 "SCMP_ACT_KILL\nread ALLOW\nwrite ALLOW"},
	{"1\nwhitelist\n" NUMBER(__NR_exit) "\n99999\n", "SCMP_ACT_KILL\nexit ALLOW", .notes = 1},
	{"1\nread\n", NULL, "line 2: version 1 lists numbers"},
	{"", NULL, "ends before"},
	{"2\n", NULL, "ends before"},
	{"3\n", NULL, "line 1: a profile starts with its version"},
	{"2\nmknod\n", NULL, "line 2: write denylist or allowlist here"},
	{"2\ndenylist maybe\n", NULL, "line 2: no such action"},
	{"2\ndenylist\nmknod maybe\n", NULL, "line 3: no such action"},
	{"2\ndenylist\nmknod errno\n", NULL, "line 3: errno needs a number"},
	{"2\ndenylist\nmknod errno 5000\n", NULL, "errno needs a number"},
	{"2\ndenylist\nmknod errno -1\n", NULL, "errno needs a number"},
	{"2\ndenylist\nmknod [6,0,==]\n", NULL, "arguments are written"},
	{"2\ndenylist\nmknod [0,0,~~]\n", NULL, "arguments are written"},
	{"2\ndenylist\nmknod [0,0,==\n", NULL, "arguments are written"},
	{"2\ndenylist\nmknod [0,99999999999999999999,==]\n", NULL, "arguments are written"},
	{"2\ndenylist\nmknod [0,0,==][0,0,==][0,0,==][0,0,==][0,0,==][0,0,==][0,0,==]\n", NULL,
	 "arguments are written"},
	{"2\ndenylist\n[z80]\n", NULL, "no such architecture: 'z80'"},
	{"2\ndenylist\n[all\n", NULL, "section header"},
};

Test(lxc_seccomp, files)
{
	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++) {
		cleanup_(text_free) struct text text = {};
		struct arena arena = {};
		struct oci_seccomp seccomp = {};
		struct oci_strings notes = {};
		struct err err = {};
		int r = lxc_seccomp_read(&arena, "p", profiles[i].text, strlen(profiles[i].text),
					 "x86_64", &seccomp, &notes, &err);

		cr_expect_eq(r, profiles[i].rules ? 0 : -EINVAL, "row %zu: %d %s", i, r, err.what);
		if (r == 0)
			cr_expect_str_eq(as_text(&seccomp, &text), profiles[i].rules, "row %zu", i);
		else if (profiles[i].wrong)
			cr_expect(strstr(err.what, profiles[i].wrong), "row %zu: %s", i, err.what);
		cr_expect_eq(notes.count, profiles[i].notes, "row %zu: %zu notes", i, notes.count);
		arena_free(&arena);
	}
}
