#include "debug/recording.h"

#include "lib/json.h"
#include "lib/own.h"
#include "lib/text.h"

#include <criterion/criterion.h>
#include <linux/audit.h>
#include <string.h>

/* "ARCHITECTURE...: CALL..." of a profile that allows those calls alone. */
static const char *shown(struct arena *arena, const struct recording *recording, bool with_denied)
{
	cleanup_free char *profile = recording_profile(recording, with_denied);
	cleanup_(text_free) struct text text = {};
	const struct json *root, *rule;

	cr_assert_eq(json_read(arena, "profile", profile, strlen(profile), &root, NULL), 0);
	cr_expect_str_eq(json_string(root, "defaultAction"), "SCMP_ACT_ERRNO");
	json_each (arch, json_find(root, "architectures"))
		text_addf(&text, "%s ", arch->text + strlen("SCMP_ARCH_"));
	rule = json_find(root, "syscalls")->first;
	cr_expect_null(rule->next);
	cr_expect_str_eq(json_string(rule, "action"), "SCMP_ACT_ALLOW");
	json_each (name, json_find(rule, "names"))
		text_addf(&text, " %s", name->text);
	return arena_strdup(arena, text_str(&text));
}

/* Numbers of x86_64, i386 and x32: asm/unistd_64.h, unistd_32.h, unistd_x32.h. */
Test(debug_recording, profile)
{
	enum {
		X32 = 1 << 30,
		READ_64 = 0,
		UNAME_64 = 63,
		MOUNT_64 = 165,
		READ_32 = 3,
		OLDUNAME = 59
	};
	static struct recording recording = {.filter_last = true};
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text denied = {};

	if (strcmp(call_arches()->name, "x86_64") != 0)
		cr_skip("numbers of x86_64");
	cr_expect_str_eq(shown(&arena, &recording, false), "X86_64  execve", "nothing is used");
	recording_note(&recording, AUDIT_ARCH_X86_64, UNAME_64, RECORDED_USED);
	recording_note(&recording, AUDIT_ARCH_X86_64, READ_64, RECORDED_USED);
	recording_note(&recording, AUDIT_ARCH_X86_64, READ_64, RECORDED_DENIED);
	recording_note(&recording, AUDIT_ARCH_X86_64, MOUNT_64, RECORDED_DENIED);
	recording_note(&recording, AUDIT_ARCH_AARCH64, MOUNT_64, RECORDED_USED);
	recording_note(&recording, AUDIT_ARCH_X86_64, CALL_NUMBERS, RECORDED_USED);
	cr_expect_eq(recording_count(&recording), 2);
	cr_expect_str_eq(shown(&arena, &recording, false), "X86_64  execve read uname");
	cr_expect_str_eq(shown(&arena, &recording, true), "X86_64  execve mount read uname");
	recording_denied(&recording, &denied);
	cr_expect_str_eq(text_str(&denied), "mount", "what was never let through");
	recording_note(&recording, AUDIT_ARCH_I386, READ_32, RECORDED_USED);
	recording_note(&recording, AUDIT_ARCH_I386, OLDUNAME, RECORDED_USED);
	recording_note(&recording, AUDIT_ARCH_X86_64, X32 | READ_64, RECORDED_USED);
	cr_expect_str_eq(shown(&arena, &recording, false),
			 "X86_64 X86 X32  execve oldolduname read uname");
}

Test(debug_recording, runtime)
{
	static const struct recording recording;
	cleanup_(arena_free) struct arena arena = {};
	const char *profile = shown(&arena, &recording, false);

	cr_expect(strstr(profile, " capset "), "ids and capabilities are given up behind a filter");
	cr_expect(strstr(profile, " execve "));
}
