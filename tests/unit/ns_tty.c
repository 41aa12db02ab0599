#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/oom.h"
#include "ns/sysctl.h"
#include "ns/tty.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <linux/capability.h>
#include <string.h>

#define SPEC(process, rest)                                                                        \
	"{\"ociVersion\": \"1.2.0\", \"root\": {\"path\": \"rootfs\"}, \"process\": {\"cwd\": "    \
	"\"/\", \"args\": [\"x\"], \"user\": {\"uid\": 7, \"gid\": 0}" process "}" rest "}"
#define OWN(type)    "\"namespaces\": [{\"type\": \"" type "\"}]"
#define SYSCTL(pair) "\"sysctl\": {" pair "}"
#define LINUX(a, b)  ", \"linux\": {" a ", " b "}"
#define TTYS(count, folder)                                                                        \
	", \"annotations\": {\"org.pctrun.tty\": \"" count "\", \"org.pctrun.tty.dir\": \"" folder \
	"\"}"

static const struct {
	const char *name, *spec, *expected;
} rows[] = {
	{"nothing", SPEC("", ""), ""},
	{"console", SPEC(", \"terminal\": true", ""), "tty pty on /dev/console; "},
	{"size", SPEC(", \"terminal\": true, \"consoleSize\": {\"height\": 25, \"width\": 80}", ""),
	 "tty pty on /dev/console, 80x25; "},
	{"ttys", SPEC(", \"terminal\": true", TTYS("2", "")),
	 "tty pty on /dev/console; tty pty on /dev/tty1; tty pty on /dev/tty2; "},
	{"tty folder", SPEC(", \"terminal\": true", TTYS("1", "lxc")),
	 "tty pty on /dev/console; tty pty on /dev/lxc/tty1, linked from /dev/tty1; "},
	{"not controlling",
	 SPEC(", \"terminal\": true",
	      ", \"annotations\": {\"org.pctrun.console.controlling\": \"0\"}"),
	 "tty pty on /dev/console, not controlling; "},
	{"tty folder leads out", SPEC("", TTYS("1", "..")),
	 "org.pctrun.tty.dir: '..' is no name of a folder"},
	{"too many ttys", SPEC("", TTYS("65", "")),
	 "org.pctrun.tty: '65' is no number from 0 to 64"},
	{"oom score", SPEC(", \"terminal\": true, \"oomScoreAdj\": -5", ""),
	 "oom score adjusted by -5; tty pty on /dev/console; "},
	{"oom score too low", SPEC(", \"oomScoreAdj\": -1001", ""),
	 "process.oomScoreAdj: -1001 is not from -1000 to 1000"},
	{"sysctl with dots",
	 SPEC(", \"terminal\": true", LINUX(OWN("network"), SYSCTL("\"net.ipv4.ip_forward\": "
								   "\"1\""))),
	 "sysctl net/ipv4/ip_forward = 1; tty pty on /dev/console; "},
	{"sysctl of a name with a dot",
	 SPEC(", \"terminal\": true",
	      LINUX(OWN("network"), SYSCTL("\"net.ipv4.conf.eth0/100.forwarding\": \"1\""))),
	 "sysctl net/ipv4/conf/eth0.100/forwarding = 1; tty pty on /dev/console; "},
	{"sysctl of the host",
	 SPEC("", LINUX(OWN("ipc"), SYSCTL("\"net.ipv4.ip_forward\": \"1\""))),
	 "sysctl net.ipv4.ip_forward is not in a separate kernel namespace"},
	{"sysctl of nobody", SPEC("", LINUX(OWN("ipc"), SYSCTL("\"kernel.core_pattern\": \"x\""))),
	 "sysctl kernel.core_pattern is not in a separate kernel namespace"},
	{"sysctl hostname", SPEC("", LINUX(OWN("uts"), SYSCTL("\"kernel.hostname\": \"x\""))),
	 "linux.sysctl[\"kernel.hostname\"]: is set by hostname"},
};

static int make(struct plan *plan, const char *text, struct err *err)
{
	struct oci_spec spec = {};
	int r = oci_spec_read(&plan->arena, "config.json", text, strlen(text), &spec, err);

	if (r == 0)
		r = oom_plan(plan, STEP_MAP, spec.process, "process", err);
	if (r == 0)
		r = sysctl_plan(plan, &spec, err);
	return r < 0 ? r : tty_plan(plan, &spec, err);
}

static void list(const struct plan *plan, struct text *text)
{
	for (size_t stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage) {
			text_addf(text, "%s ", step->kind->name);
			step->kind->describe(step, text);
			text_add(text, "; ");
		}
}

Test(ns_tty, plan)
{
	static const struct host host = {.initial_userns = true,
					 .capabilities = 1ULL << CAP_SYS_RESOURCE};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
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
