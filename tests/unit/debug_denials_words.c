#include "debug/denials_parts.h"

#include "cgroup/device_filter.h"
#include "cgroup/devices.h"
#include "lib/json.h"
#include "lib/own.h"
#include "oci/members.h"
#include "oci/spec.h"
#include "oci/spec_members.h"
#include "runtime/filters.h"
#include "seccomp/calls.h"

#include <criterion/criterion.h>
#include <linux/bpf.h>
#include <string.h>

static const char profile[] =
	"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/l\", \"syscalls\": ["
	"{\"names\": [\"uname\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38},"
	"{\"names\": [\"mount\"], \"action\": \"SCMP_ACT_KILL_THREAD\"},"
	"{\"names\": [\"reboot\"], \"action\": \"SCMP_ACT_NOTIFY\"}]}";

static const struct filter_stack *filters(struct arena *arena)
{
	struct oci_seccomp *seccomp = arena_alloc(arena, sizeof(*seccomp));
	const struct filter_stack *stack;
	const struct json *root;

	cr_assert_eq(json_read(arena, "p", profile, strlen(profile), &root, NULL), 0);
	cr_assert_eq(members_read(arena, oci_seccomp_members, root, seccomp, NULL), 0);
	cr_assert_eq(filters_of_profile(arena, "p", seccomp, &stack, NULL), 0);
	return stack;
}

#define WHO "\"name\":\"sh\",\"pid\":4711,\"inside\":12,\"arch\":3221225534,"
#define CALL(number, error)                                                                        \
	"{\"denied\":\"seccomp\"," WHO "\"call\":" #number                                         \
	",\"args\":[0,0,0,0,0,0],\"error\":" #error "}"
#define CAP(number, namespace, held)                                                               \
	"{\"denied\":\"capability\"," WHO "\"call\":165,\"capability\":" #number                   \
	",\"namespace\":" #namespace ",\"held\":" #held "}"
#define DEVICE(type, major, minor, access)                                                         \
	"{\"denied\":\"device\"," WHO "\"call\":257,\"type\":" #type ",\"major\":" #major          \
	",\"minor\":" #minor ",\"access\":" #access "}"

/* Numbers of calls are those of x86_64: uname 63, mount 165, reboot 169, openat 257. */
Test(debug_denials_words, events)
{
	static const struct {
		const char *event, *what, *rule, *origin;
	} rows[] = {
		{CALL(63, -38), "uname: ERRNO ENOSYS", "rule on uname", "syscalls[0] in p"},
		{CALL(63, -1), "uname: ERRNO EPERM", "a filter that the config doesn't know"},
		{CALL(63, 0), "uname: a signal or another answer", "a filter that the config"},
		{CALL(257, -2), "openat: ERRNO ENOENT", "a filter that the config doesn't know"},
		{CALL(165, 0), NULL, NULL}, /* the kernel's log has it */
		{CALL(169, 0), NULL, NULL}, /* the listener has done it */
		{CALL(169, -1), "reboot: NOTIFY: its listener answered EPERM", "rule on reboot",
		 "syscalls[2] in p"},
		{CALL(169, -4000), "reboot: NOTIFY: its listener answered 4000", "rule on reboot",
		 "syscalls[2] in p"},
		{CAP(21, 4026531837, false), "CAP_SYS_ADMIN over the host, in mount",
		 "not in its bounding set", "bounding"},
		{CAP(5, 4026531837, false), "CAP_KILL over the host, in mount",
		 "not in its effective set: process.capabilities", "user"},
		{CAP(0, 77, false), "CAP_CHOWN over the container's user namespace, in mount",
		 "the config gives it: the process is of another user, or gave it up"},
		{CAP(0, 4026531837, true), "CAP_CHOWN over the host, in mount",
		 "it has that in a user namespace alone", "maps"},
		{CAP(63, 5, false), "capability 63 over another user namespace, in mount", "not in",
		 "bounding"},
		{DEVICE(2, 10, 229, 2), "c 10:229 r, in openat", "no rule allows it", "devices"},
		{DEVICE(2, 10, 200, 6), "c 10:200 rw, in openat", "deny c 10:200 w", "devices"},
		{DEVICE(1, 7, 0, 2), "b 7:0 r, in openat", "a filter of somebody else"},
		{"{\"denied\":\"sleep\"}", NULL, NULL},
	};
	static const struct origin origins[] = {
		{"cap.bound", "", "bounding", &origins[1]},
		{"user", "", "user", &origins[2]},
		{"idmap", "", "maps", &origins[3]},
		{"cgroup.devices", "", "devices", NULL},
	};
	static struct device_rule rules[] = {{true, 'b', 7, -1, DEVICE_ALL},
					     {true, 'c', 10, 200, DEVICE_ALL},
					     {false, 'c', 10, 200, DEVICE_WRITE}};
	static const struct device_policy devices = {.count = 3, .rules = rules};
	cleanup_(arena_free) struct arena arena = {};
	struct suspect suspect = {.user_namespace = 77,
				  .bounding = 1 << 0 | 1 << 5,
				  .effective = 1 << 0,
				  .devices = &devices,
				  .filters = filters(&arena),
				  .origins = origins};

	if (strcmp(call_arches()->name, "x86_64") != 0)
		cr_skip("numbers of x86_64");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct denial denial = {};
		const struct json *event;

		cr_assert_eq(json_read(&arena, "event", rows[i].event, strlen(rows[i].event),
				       &event, NULL),
			     0);
		cr_expect_eq(watched_describe(&suspect, &arena, event, &denial),
			     rows[i].what != NULL, "%s", rows[i].event);
		if (!rows[i].what)
			continue;
		cr_expect_str_eq(denial.what, rows[i].what, "%s", rows[i].event);
		cr_expect(starts_with(denial.rule, rows[i].rule), "%s: %s", rows[i].event,
			  denial.rule);
		cr_expect_str_eq(denial.origin, rows[i].origin ? rows[i].origin : "", "%s: %s",
				 rows[i].event, denial.origin);
		cr_expect_str_eq(denial.program, "sh");
		cr_expect_eq(denial.pid, 4711);
		cr_expect_eq(denial.inside, 12);
	}
}

Test(debug_denials_words, foreign_device_filter)
{
	static const struct bpf_insn deny[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K},
					       {.code = BPF_JMP | BPF_EXIT}};
	static const struct device_filter others[] = {
		{.id = 7, .name = "sd_devices", .cgroup = "/outer", .count = 2, .insns = deny}};
	static const struct device_filters programs = {.count = 1, .items = others};
	static const char event[] = DEVICE(2, 1, 3, 2);
	const struct suspect suspect = {.programs = &programs};
	cleanup_(arena_free) struct arena arena = {};
	struct denial denial = {};
	const struct json *root;

	cr_assert_eq(json_read(&arena, "event", event, strlen(event), &root, NULL), 0);
	cr_expect(watched_describe(&suspect, &arena, root, &denial));
	cr_expect_str_eq(denial.rule,
			 "a filter that isn't the container's own: sd_devices on /outer");
}
