#include "cgroup/device_filter.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <string.h>

static int ask(const struct device_policy *policy, char type, unsigned int major,
	       unsigned int minor, unsigned int access)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct device_request request = {type, major, minor, access};
	struct device_verdict verdict = {};
	size_t count;
	struct bpf_insn *insns = devices_program(&arena, policy, &count);
	bool allowed;

	device_program_run(insns, count, &request, &verdict);
	cr_assert_neq(verdict.answer, DEVICE_UNCLEAR, "%s", verdict.why);
	allowed = verdict.answer == DEVICE_ALLOWED;
	cr_expect_eq(devices_allow(policy, type, major, minor, access), allowed,
		     "%c %u:%u: what is said of the rules is what they become", type, major, minor);
	return allowed;
}

Test(cgroup_devices, program)
{
	static struct device_rule rules[] = {
		{true, 'c', -1, -1, DEVICE_MKNOD}, {true, 'c', 1, 3, DEVICE_ALL},
		{true, 'c', 10, 200, DEVICE_READ}, {true, 'c', 10, 200, DEVICE_WRITE},
		{false, 'c', 5, 1, DEVICE_WRITE},  {true, 'b', 8, -1, DEVICE_READ},
		{false, 'a', 8, 1, DEVICE_ALL},    {true, 'c', 7, 1 << 20 | 3, DEVICE_ALL},
		{true, 'c', -1, 77, DEVICE_READ},  {false, 'b', 4096 + 9, -1, DEVICE_ALL},
	};
	static const struct {
		const char *name;
		bool allow_default;
		char type;
		unsigned int major, minor, access;
		int allowed;
	} rows[] = {
		{"nothing speaks of it", false, 'c', 7, 7, DEVICE_READ, 0},
		{"nothing speaks of it, open", true, 'c', 7, 7, DEVICE_READ, 1},
		{"any node can be made", false, 'c', 7, 7, DEVICE_MKNOD, 1},
		{"but not used", false, 'c', 7, 7, DEVICE_MKNOD | DEVICE_READ, 0},
		{"no block nodes", false, 'b', 7, 7, DEVICE_MKNOD, 0},
		{"null", false, 'c', 1, 3, DEVICE_READ | DEVICE_WRITE, 1},
		{"a block device of its number", false, 'b', 1, 3, DEVICE_READ, 0},
		{"two rules give both bits", false, 'c', 10, 200, DEVICE_READ | DEVICE_WRITE, 1},
		{"and a third the last", false, 'c', 10, 200, DEVICE_ALL, 1},
		{"denied bit", true, 'c', 5, 1, DEVICE_WRITE, 0},
		{"denied bit among others", true, 'c', 5, 1, DEVICE_READ | DEVICE_WRITE, 0},
		{"bit that is not denied", true, 'c', 5, 1, DEVICE_READ, 1},
		{"every minor", false, 'b', 8, 17, DEVICE_READ, 1},
		{"only that bit", false, 'b', 8, 17, DEVICE_WRITE, 0},
		{"later rule wins", false, 'b', 8, 1, DEVICE_READ, 0},
		{"a minor of every major", false, 'c', 99, 77, DEVICE_READ, 1},
		{"which is a character device's", false, 'b', 99, 77, DEVICE_READ, 0},
		{"a number that no device has", true, 'b', 9, 1, DEVICE_READ, 1},
		{"nor does it hold for its low bits", false, 'c', 7, 3, DEVICE_READ, 0},
		{"for both types", true, 'c', 8, 1, DEVICE_READ, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct device_policy policy = {rows[i].allow_default, ARRAY_SIZE(rules),
						     rules};

		cr_expect_eq(
			ask(&policy, rows[i].type, rows[i].major, rows[i].minor, rows[i].access),
			rows[i].allowed, "%s", rows[i].name);
	}
}

static const struct host root_host = {
	.uid = 0, .initial_userns = true, .capabilities = 1ULL << CAP_SYS_ADMIN};

static const struct device_policy *plan_policy(struct plan *plan, struct oci_device_rule *rules,
					       size_t count, struct err *err)
{
	const struct oci_resources resources = {.devices = {count, rules}};
	static const struct cgroup_place place = {.mount = "/m", .path = "/p"};

	if (devices_plan(plan, &place, &resources, err) < 0 || !plan->first[STEP_PREPARE])
		return NULL;
	return &container_of(plan->first[STEP_PREPARE], struct cgroup_devices_step, step)->policy;
}

Test(cgroup_devices, plan)
{
	struct oci_device_rule deny_all = {.allow = false, .access = "rwm"};
	struct oci_device_rule allow_all = {.allow = true, .type = "a"};
	struct oci_device_rule no_null = {.type = "c", .major = {true, 1}, .minor = {true, 3}};
	struct oci_device_rule wrong_type = {.type = "x"}, wrong_access = {.access = "rx"};
	static const struct host no_root = {.uid = 0};
	const struct {
		const char *name;
		const struct host *host;
		struct oci_device_rule rules[2];
		size_t count;
		int null_allowed; /* -1: no filter */
		int r;
	} rows[] = {
		{"no rule", &root_host, {}, 0, 1, 0},
		{"deny all", &root_host, {deny_all}, 1, 1, 0},
		{"allow all", &root_host, {allow_all}, 1, -1, 0},
		{"the rules speak of a default", &root_host, {deny_all, no_null}, 2, 0, 0},
		{"a later all", &root_host, {no_null, allow_all}, 2, -1, 0},
		{"deny one", &root_host, {allow_all, no_null}, 2, 0, 0},
		{"can't load", &no_root, {deny_all}, 1, -1, 0},
		{"type", &root_host, {wrong_type}, 1, -1, -EINVAL},
		{"access", &root_host, {wrong_access}, 1, -1, -EINVAL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(plan_free) struct plan plan = {.host = rows[i].host};
		struct oci_device_rule rules[2] = {rows[i].rules[0], rows[i].rules[1]};
		struct err err = {};
		const struct device_policy *policy = plan_policy(&plan, rules, rows[i].count, &err);

		cr_expect_eq(-err.num, rows[i].r, "%s: %s", rows[i].name, err.what);
		cr_expect_eq(policy ? ask(policy, 'c', 1, 3, DEVICE_READ) : -1,
			     rows[i].null_allowed, "%s", rows[i].name);
	}
}

Test(cgroup_devices, denier)
{
	static struct device_rule rules[] = {
		{true, 'c', 10, -1, DEVICE_ALL},
		{false, 'c', 10, 229, DEVICE_WRITE},
	};
	static const struct {
		struct device_rule asked;
		int rule; /* -1: none allows it */
	} rows[] = {
		{{.type = 'c', .major = 10, .minor = 229, .access = DEVICE_READ | DEVICE_WRITE}, 1},
		{{.type = 'c', .major = 1, .minor = 1, .access = DEVICE_READ}, -1},
	};
	const struct device_policy policy = {.count = 2, .rules = rules};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(devices_denier(&policy, &rows[i].asked),
			     rows[i].rule < 0 ? NULL : &rules[rows[i].rule], "row %zu", i);
}

/* --- rules that have no effect */

static struct oci_device_rule spec_rule(bool allow, const char *type, long major, long minor,
					const char *access)
{
	return (struct oci_device_rule){
		.allow = allow,
		.type = (char *)type,
		.major = {major >= 0, major},
		.minor = {minor >= 0, minor},
		.access = (char *)access,
	};
}

Test(cgroup_devices, idle_rules)
{
	struct oci_device_rule rules[] = {
		spec_rule(false, "a", -1, -1, "rwm"), spec_rule(false, "c", -1, -1, "rwm"),
		spec_rule(false, "b", -1, -1, "rwm"), spec_rule(false, "c", 5, 2, "rwm"),
		spec_rule(true, "c", -1, -1, "m"),    spec_rule(true, "c", 1, 3, "rw"),
		spec_rule(true, "c", 1, 3, "rwm"),    spec_rule(true, "b", 8, 1, "r"),
		spec_rule(false, "a", 8, -1, "rw"),
	};
	static const struct {
		size_t count, kept;
	} rows[] = {
		{1, 10}, /* what each container has */
		{2, 2},  /* of that, making block devices */
		{3, 0},  {4, 0}, {5, 1}, {6, 2}, {7, 2}, {8, 3}, {9, 3}, /* one void, one more */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(plan_free) struct plan plan = {.host = &root_host};
		const struct device_policy *policy = plan_policy(&plan, rules, rows[i].count, NULL);

		cr_assert_not_null(policy, "row %zu", i);
		cr_expect_eq(policy->count, rows[i].kept, "row %zu: %zu", i, policy->count);
	}
}

/* Whatever is dropped, the answers are those of all rules: the last that speaks of a bit.
 */
Test(cgroup_devices, idle_rules_change_nothing)
{
	static const char *const types[] = {"a", "b", "c"}, *const accesses[] = {"r", "rw", "wm",
										 "m"};
	unsigned int state = 1, wrong = 0;

	for (int round = 0; round < 500; round++) {
		struct oci_device_rule rules[10] = {spec_rule(round & 1, "a", -1, -1, "rwm"),
						    spec_rule(round & 1, "c", -1, -1, "rwm"),
						    spec_rule(round & 1, "b", -1, -1, "rwm")};
		cleanup_(plan_free) struct plan plan = {.host = &root_host};
		const struct device_policy *policy;

		for (size_t i = 3; i < ARRAY_SIZE(rules); i++) {
			state = state * 1664525 + 1013904223;
			rules[i] =
				spec_rule(state >> 30 & 1, types[(state >> 16) % 3],
					  (long)(state >> 18 & 3) - 1, (long)(state >> 20 & 3) - 1,
					  accesses[state >> 22 & 3]);
		}
		policy = plan_policy(&plan, rules, ARRAY_SIZE(rules), NULL);
		for (unsigned int n = 0; n < 2 * 4 * 4; n++) {
			const char type = n & 1 ? 'b' : 'c';
			const long major = n >> 1 & 3, minor = n >> 3 & 3;
			const char *denier = devices_denier_path(
				&plan.arena, &(struct oci_resources){.devices = {10, rules}}, type,
				major, minor, DEVICE_READ);
			const bool allowed =
				!policy || devices_allow(policy, type, major, minor, DEVICE_READ);
			bool expected = false;

			for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
				if ((*rules[i].type == 'a' || *rules[i].type == type) &&
				    (!rules[i].major.set || rules[i].major.value == major) &&
				    (!rules[i].minor.set || rules[i].minor.value == minor) &&
				    *rules[i].access == 'r')
					expected = rules[i].allow;
			wrong += allowed != expected;
			wrong += allowed == (strchr(denier, '[') != NULL);
		}
	}
	cr_expect_eq(wrong, 0, "%u answers are others", wrong);
}

Test(cgroup_devices, who_denies)
{
	struct oci_device_rule rules[] = {
		spec_rule(false, "a", -1, -1, "rwm"),
		spec_rule(false, "c", 5, 2, "rwm"),
		spec_rule(true, "c", 5, 2, "r"),
		spec_rule(false, "c", 5, 1, "w"),
	};
	const struct oci_resources resources = {.devices = {ARRAY_SIZE(rules), rules}}, none = {};
	static const struct {
		long minor;
		unsigned int access;
		const char *path;
	} rows[] = {
		{2, DEVICE_READ | DEVICE_WRITE, "linux.resources.devices[1]"},
		{1, DEVICE_WRITE, "linux.resources.devices[3]"},
		{1, DEVICE_READ, "linux.resources.devices[0]"},
		{2, DEVICE_READ, "linux.resources.devices"}, /* nothing does */
	};
	cleanup_(arena_free) struct arena arena = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_str_eq(devices_denier_path(&arena, &resources, 'c', 5, rows[i].minor,
						     rows[i].access),
				 rows[i].path, "row %zu", i);
	cr_expect_str_eq(devices_denier_path(&arena, &none, 'c', 5, 2, DEVICE_READ),
			 "linux.resources.devices");
	cr_expect_str_eq(devices_denier_path(&arena, NULL, 'c', 5, 2, DEVICE_READ),
			 "linux.resources.devices");
}
