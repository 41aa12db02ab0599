#include "seccomp/filter.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "oci/spec.h"
#include "oci/words.h"
#include "seccomp/explain.h"
#include "seccomp/paths.h"
#include "seccomp/words.h"

#include <criterion/criterion.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/syscall.h>

/* Each word that the checks let pass and that `features` names makes a filter that does it. */

static const char *names[] = {"getppid"};

static uint32_t outcome(const struct oci_seccomp *seccomp, uint64_t argument, const char *what)
{
	cleanup_(arena_free) struct arena arena = {};
	const uint64_t args[FILTER_ARGS] = {argument};
	const struct seccomp_data data = {
		.nr = SYS_getppid, .arch = seccomp_arch_native(), .args = {argument}};
	struct profile profile;
	struct program program;
	struct err err = {};

	cr_assert_eq(profile_make(&arena, seccomp, &profile, &err), 0, "%s: %s", what, err.what);
	cr_assert_eq(filter_compile(&arena, &profile, &program, &err), 0, "%s: %s", what, err.what);
	cr_expect_eq(explain_call(&profile, SYS_getppid, args).action, program_run(&program, &data),
		     "%s is explained as it is", what);
	return program_run(&program, &data);
}

Test(seccomp_words, actions)
{
	static const uint32_t kernel[] = {
		SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,  SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP,        SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_TRACE | EPERM,
		SECCOMP_RET_ALLOW,       SECCOMP_RET_LOG,           SECCOMP_RET_USER_NOTIF,
	};

	for (size_t i = 0; oci_words_seccomp_action[i]; i++) {
		const char *word = oci_words_seccomp_action[i];
		struct oci_seccomp_rule rule = {{1, names}, word, {}, {}};
		struct oci_seccomp seccomp = {
			.default_action = strcmp(word, "SCMP_ACT_ALLOW") == 0 ? "SCMP_ACT_LOG"
									      : "SCMP_ACT_ALLOW",
			.listener_path = "/run/agent",
			.syscalls = {1, &rule},
		};

		cr_assert_lt(i, ARRAY_SIZE(kernel), "%s", word);
		cr_expect_eq(outcome(&seccomp, 0, word), kernel[i], "%s", word);
	}
}

Test(seccomp_words, operators)
{
	/* Of 4 and 5 and 6 and 13 (which has 5's last bits) against 5, mask 7. */
	static const uint64_t arguments[] = {4, 5, 6, 13};
	static const char *const matches[] = {"x.xx", "x...", "xx..", ".x..",
					      ".xxx", "..xx", ".x.x"};

	for (size_t i = 0; oci_words_seccomp_operator[i]; i++) {
		const char *word = oci_words_seccomp_operator[i];
		bool masked = strcmp(word, "SCMP_CMP_MASKED_EQ") == 0;
		struct oci_seccomp_arg arg = {0, masked ? 7 : 5, masked ? 5 : 0, word};
		struct oci_seccomp_rule rule = {{1, names}, "SCMP_ACT_TRAP", {}, {1, &arg}};
		struct oci_seccomp seccomp = {.default_action = "SCMP_ACT_ALLOW",
					      .syscalls = {1, &rule}};

		cr_assert_lt(i, ARRAY_SIZE(matches), "%s", word);
		for (size_t a = 0; a < ARRAY_SIZE(arguments); a++)
			cr_expect_eq(outcome(&seccomp, arguments[a], word),
				     matches[i][a] == 'x' ? SECCOMP_RET_TRAP : SECCOMP_RET_ALLOW,
				     "%s: %lu", word, arguments[a]);
	}
}

/* One that this machine can't run is no error: a profile may be for many. */
Test(seccomp_words, architectures)
{
	struct oci_seccomp_rule rule = {{1, names}, "SCMP_ACT_TRAP", {}, {}};
	struct oci_seccomp seccomp = {.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &rule}};

	for (const char *const *word = oci_words_seccomp_arch; *word; word++) {
		const char *one = *word;

		seccomp.architectures = (struct oci_strings){1, &one};
		cr_expect_eq(outcome(&seccomp, 0, *word), SECCOMP_RET_TRAP, "%s", *word);
	}
	seccomp.architectures = (struct oci_strings){0, (const char **)oci_words_seccomp_arch};
	while (oci_words_seccomp_arch[seccomp.architectures.count])
		seccomp.architectures.count++;
	cr_expect_eq(outcome(&seccomp, 0, "all"), SECCOMP_RET_TRAP);
}

Test(seccomp_words, flags)
{
	static const uint32_t kernel[] = {0, SECCOMP_FILTER_FLAG_LOG,
					  SECCOMP_FILTER_FLAG_SPEC_ALLOW, FLAG_WAIT_KILLABLE};
	struct oci_seccomp_rule rule = {{1, names}, "SCMP_ACT_NOTIFY", {}, {}};
	struct oci_seccomp seccomp = {.default_action = "SCMP_ACT_ALLOW",
				      .listener_path = "/run/agent",
				      .syscalls = {1, &rule}};

	for (size_t i = 0; i <= ARRAY_SIZE(kernel); i++) {
		const char *word = i < ARRAY_SIZE(kernel) ? oci_words_seccomp_flag[i] : NULL;
		cleanup_(arena_free) struct arena arena = {};
		struct profile profile;
		struct err err = {};

		seccomp.flags_set = true;
		seccomp.flags = (struct oci_strings){word != NULL, &word};
		cr_assert_eq(profile_make(&arena, &seccomp, &profile, &err), 0, "%s", err.what);
		cr_expect_eq(profile.flags, word ? kernel[i] : 0, "%s: 0x%x", word ? word : "none",
			     profile.flags);
	}
	cr_expect_null(oci_words_seccomp_flag[ARRAY_SIZE(kernel)], "each is here");
}
