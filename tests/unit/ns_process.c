#include "lib/bitlist.h"
#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "net/device.h"
#include "ns/cred.h"
#include "ns/lsm.h"
#include "ns/mempolicy.h"
#include "ns/namespaces.h"
#include "ns/personality.h"
#include "ns/sched.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <string.h>

#define SPEC(process, rest)                                                                        \
	"{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"rootfs\"}, \"process\": {\"cwd\": "    \
	"\"/\", \"args\": [\"x\"]" process "}" rest "}"
#define LINUX(members)    ", \"linux\": {" members "}"
#define NETWORK(path)     "\"namespaces\": [{\"type\": \"network\"" path "}]"
#define TIME(more)        "\"namespaces\": [{\"type\": \"time\"}" more "]"
#define OFFSETS           ", \"timeOffsets\": {\"boottime\": {\"secs\": -3, \"nanosecs\": 4}}"
#define SCHEDULER(values) ", \"scheduler\": {" values "}"

/* What this host lacks. */
enum lacks { LSM = 1, NUMA = 2, TIME_NAMESPACE = 4, CPUSET = 8 };

static const struct {
	const char *name, *spec, *expected;
	int lacks;
} rows[] = {
	{"nothing", SPEC("", ""), ""},
	{"apparmor", SPEC(", \"apparmorProfile\": \"strict\"", ""), "7 apparmor profile strict; "},
	{"no apparmor", SPEC(", \"apparmorProfile\": \"strict\"", ""),
	 "missing apparmor: AppArmor profile strict: this kernel has no AppArmor enabled; ", LSM},
	{"unconfined", SPEC(", \"apparmorProfile\": \"unconfined\"", ""), "", LSM},
	{"selinux", SPEC(", \"selinuxLabel\": \"a:b:c:s0:c1,c2\"", ""),
	 "7 selinux label a:b:c:s0:c1,c2; "},
	{"no selinux", SPEC(", \"selinuxLabel\": \"a:b:c\"", ""),
	 "missing selinux: SELinux label a:b:c: this kernel has no SELinux enabled; ", LSM},
	{"a profile that comes along",
	 SPEC(", \"apparmorProfile\": \"mine\"",
	      ", \"annotations\": {\"org.pctrun.apparmor.text\": \"profile mine {}\"}"),
	 "0 apparmor.profile load mine; 7 apparmor profile mine; "},
	{"one without a name",
	 SPEC("", ", \"annotations\": {\"org.pctrun.apparmor.text\": \"profile mine {}\"}"),
	 "org.pctrun.apparmor.text: needs process.apparmorProfile, its name"},
	{"scheduler",
	 SPEC(SCHEDULER("\"policy\": \"SCHED_RR\", \"priority\": 9, \"flags\": "
			"[\"SCHED_FLAG_RESET_ON_FORK\"]"),
	      ""),
	 "3 sched.policy SCHED_RR, priority 9; "},
	{"deadline",
	 SPEC(SCHEDULER("\"policy\": \"SCHED_DEADLINE\", \"runtime\": 1, \"deadline\": 2, "
			"\"period\": 3"),
	      ""),
	 "3 sched.policy SCHED_DEADLINE, 1 of 3 ns by 2; "},
	{"io priority",
	 SPEC(", \"ioPriority\": {\"class\": \"IOPRIO_CLASS_RT\", \"priority\": 2}", ""),
	 "3 sched.io IOPRIO_CLASS_RT, priority 2; "},
	{"cpus", SPEC(", \"execCPUAffinity\": {\"initial\": \"0\", \"final\": \"1-2\"}", ""),
	 "1 sched.affinity cpus 0 before the container's cgroup; "
	 "3 sched.affinity cpus 1-2 in the container's cgroup; "},
	{"cpus of its cgroup",
	 SPEC(", \"execCPUAffinity\": {\"final\": \"1\"}",
	      LINUX("\"resources\": {\"cpu\": {\"cpus\": \"0-1\"}}")),
	 "3 sched.affinity cpus all in the container's cgroup; "
	 "3 sched.affinity cpus 1 in the container's cgroup; "},
	{"cpus of no cgroup", SPEC("", LINUX("\"resources\": {\"cpu\": {\"cpus\": \"0-1\"}}")), "",
	 CPUSET},
	{"too many cpus", SPEC(", \"execCPUAffinity\": {\"final\": \"0-99999\"}", ""),
	 "process.execCPUAffinity: '0-99999' is no list of cpus"},
	{"personality", SPEC("", LINUX("\"personality\": {\"domain\": \"LINUX32\"}")),
	 "7 personality LINUX32; "},
	{"memory policy",
	 SPEC("", LINUX("\"memoryPolicy\": {\"mode\": \"MPOL_INTERLEAVE\", \"nodes\": \"0-1\"}")),
	 "7 memory.policy MPOL_INTERLEAVE, nodes 0-1; "},
	{"no NUMA", SPEC("", LINUX("\"memoryPolicy\": {\"mode\": \"MPOL_LOCAL\"}")),
	 "missing memoryPolicy: MPOL_LOCAL: this kernel has no NUMA; ", NUMA},
	{"clocks", SPEC("", LINUX(TIME("") OFFSETS)),
	 "1 namespace new time; 5 time monotonic +0.000000000 s, boottime -3.000000004 s; "},
	{"no offsets", SPEC("", LINUX(TIME(""))), "1 namespace new time; "},
	{"clocks of a user namespace that is joined",
	 SPEC("", LINUX(TIME(", {\"type\": \"user\", \"path\": \"/x\"}") OFFSETS)),
	 "1 namespace new time; 1 namespace join user /x; missing time: offsets of clocks can't be "
	 "set from a user namespace that is joined; "},
	{"no time namespaces", SPEC("", LINUX(TIME("") OFFSETS)),
	 "missing time: this kernel has no time namespaces; ", TIME_NAMESPACE},
	{"interfaces",
	 SPEC("", LINUX(NETWORK("") ", \"netDevices\": {\"a\": {}, \"b\": {\"name\": "
				    "\"c\"}}")),
	 "1 namespace new network; 3 net.hold the network namespace, until its interfaces are "
	 "given back; 3 net.device a of the host; 3 net.device b of the host as c; "},
	{"into a namespace that is joined",
	 SPEC("", LINUX(NETWORK(", \"path\": \"/x\"") ", \"netDevices\": {\"a\": {}}")),
	 "1 namespace join network /x; 3 net.device a of the host; "},
	{"a bad name", SPEC("", LINUX(NETWORK("") ", \"netDevices\": {\"a\": {\"name\": \"..\"}}")),
	 "linux.netDevices.name: '..' is no name for an interface"},
};

static int make(struct plan *plan, const char *text, struct err *err)
{
	struct oci_spec spec = {};
	int r = oci_spec_read(&plan->arena, "config.json", text, strlen(text), &spec, err);

	if (r == 0)
		r = lsm_profile_plan(plan, &spec, err);
	if (r == 0)
		r = namespaces_plan(plan, &spec, err);
	if (r == 0)
		r = device_plan(plan, &spec, err);
	if (r == 0)
		r = sched_plan(plan, spec.process, "process", err);
	sched_cpus_plan(plan, &spec);
	if (r == 0)
		r = sched_affinity_plan(plan, spec.process, "process", err);
	if (r == 0)
		r = mempolicy_plan(plan, &spec, err);
	if (r < 0)
		return r;
	personality_plan(plan, &spec);
	lsm_plan(plan, &spec, spec.process, "process");
	return 0;
}

static void list(const struct plan *plan, struct text *text)
{
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage) {
			text_addf(text, "%d %s ", stage, step->kind->name);
			step->kind->describe(step, text);
			text_add(text, "; ");
		}
	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		text_addf(text, "missing %s: %s; ", missing->what, missing->why);
}

Test(ns_process, plan)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct host host = {
			.apparmor = !(rows[i].lacks & LSM),
			.selinux = !(rows[i].lacks & LSM),
			.numa = !(rows[i].lacks & NUMA),
			.time_namespace = !(rows[i].lacks & TIME_NAMESPACE),
			.controllers = rows[i].lacks & CPUSET ? 0 : CONTROLLER_CPUSET,
		};
		cleanup_(plan_free) struct plan plan = {.host = &host};
		cleanup_(text_free) struct text got = {};
		struct err err = {};

		if (make(&plan, rows[i].spec, &err) < 0)
			text_add(&got, err.what);
		else
			list(&plan, &got);
		cr_expect_str_eq(text_str(&got), rows[i].expected, "%s: %s", rows[i].name,
				 text_str(&got));
	}
}

/* A further process has the container's labels where it names none of its own. */
Test(ns_process, labels_of_exec)
{
	const struct host host = {.apparmor = true};
	struct oci_process own = {.apparmor_profile = "container"};
	struct oci_process other = {.apparmor_profile = "other"}, none = {.apparmor_profile = ""};
	const struct oci_spec spec = {.process = &own};
	const struct {
		const struct oci_process *process;
		const char *label;
	} cases[] = {{&other, "other"}, {&none, "container"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_(plan_free) struct plan plan = {.host = &host};

		lsm_plan(&plan, &spec, cases[i].process, "process");
		cr_assert_not_null(plan.first[STEP_EXEC]);
		cr_expect_str_eq(container_of(plan.first[STEP_EXEC], struct lsm_step, step)->label,
				 cases[i].label);
	}
}

#define CAPS_IN(namespaces, sets)                                                                  \
	"{\"ociVersion\": \"1.0.0\", \"linux\": {\"namespaces\": [" namespaces                     \
	"]}, \"process\": {\"cwd\": \"/\"" sets "}}"
#define CAPS(sets)      CAPS_IN("", ", \"capabilities\": {" sets "}")
#define CAPS_USER(sets) CAPS_IN("{\"type\": \"user\"}", ", \"capabilities\": {" sets "}")

/* The host has CHOWN (0), KILL (5), NET_RAW (13), and knows none above SYSLOG (34). */
Test(ns_process, capability_warnings)
{
	static const struct {
		const char *spec, *expected;
	} cases[] = {
		{CAPS_IN("", ""), ""},
		{CAPS("\"permitted\": [\"CAP_CHOWN\", \"CAP_KILL\"], \"effective\": "
		      "[\"CAP_KILL\"]"),
		 ""},
		{CAPS("\"bounding\": [\"CAP_KILL\", \"CAP_NONE\"], \"effective\": [\"CAP_NONE\", "
		      "\"CAP_BPF\"]"),
		 "'CAP_NONE' is no capability of this kernel: left out "
		 "(process.capabilities.bounding[1] in config.json); "
		 "'CAP_BPF' is no capability of this kernel: left out "
		 "(process.capabilities.effective[1] in config.json); "},
		{CAPS("\"permitted\": [\"CAP_SYSLOG\", \"CAP_KILL\", \"CAP_SETUID\"]"),
		 "CAP_SETUID, CAP_SYSLOG: this process has none to give: left out "
		 "(process.capabilities.permitted in config.json); "},
		{CAPS_USER("\"permitted\": [\"CAP_SYSLOG\"]"), ""},
		{CAPS("\"permitted\": [\"CAP_KILL\", \"CAP_CHOWN\"], \"inheritable\": "
		      "[\"CAP_KILL\", "
		      "\"CAP_NET_RAW\"], \"ambient\": [\"CAP_KILL\", \"CAP_CHOWN\", "
		      "\"CAP_NET_RAW\"]"),
		 "CAP_CHOWN, CAP_NET_RAW: can't raise ambient capability that is not permitted "
		 "and inheritable: left out (process.capabilities.ambient in config.json); "},
	};
	const struct host host = {.capabilities = 1 << 0 | 1 << 5 | 1 << 13, .last_cap = 34};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_(plan_free) struct plan plan = {.host = &host};
		cleanup_(text_free) struct text got = {};
		struct oci_spec spec = {};
		struct err err = {};

		cr_assert_eq(oci_spec_read(&plan.arena, "config.json", cases[i].spec,
					   strlen(cases[i].spec), &spec, &err),
			     0, "%s", err.what);
		cap_warnings_plan(&plan, &spec, spec.process, "process");
		for (const struct missing *said = plan.missing; said; said = said->next) {
			cr_expect(said->warning, "%s", said->why);
			text_addf(&got, "%s (%s); ", said->why, said->origin);
		}
		cr_expect_str_eq(text_str(&got), cases[i].expected, "%s: %s", cases[i].spec,
				 text_str(&got));
	}
}

Test(ns_process, bitlists)
{
	static const struct {
		const char *list;
		int result;
		unsigned long first, second;
	} lists[] = {
		{"0", 0, 1, 0},
		{"0-3,7", 0, 0x8f, 0},
		{"63-64", 0, 1UL << 63, 1},
		{"127", 0, 0, 1UL << 63},
		{"", -EINVAL},
		{"1,", -EINVAL},
		{"3-1", -EINVAL},
		{"-1", -EINVAL},
		{"1-", -EINVAL},
		{"a", -EINVAL},
		{"1 ", -EINVAL},
		{",1", -EINVAL},
		{"128", -ERANGE},
		{"0-999999999999999999999", -ERANGE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		unsigned long bits[2] = {};

		cr_expect_eq(bitlist_read(lists[i].list, bits, 128), lists[i].result, "'%s'",
			     lists[i].list);
		cr_expect(bits[0] == lists[i].first && bits[1] == lists[i].second, "'%s': %lx %lx",
			  lists[i].list, bits[0], bits[1]);
	}
}
