#include "lib/err.h"
#include "lib/host.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"
#include "runtime/plan.h"

#include <criterion/criterion.h>
#include <string.h>

/* What is planned otherwise for an ordinary user, from 0 to 7 the stages of lib/step.h. */

#define MAP(kind, inside, outside, size)                                                           \
	", \"" kind "Mappings\": [{\"containerID\": " #inside ", \"hostID\": " #outside            \
	", \"size\": " #size "}]"
#define SPEC(types, rest, process, mounts)                                                         \
	"{\"ociVersion\": \"1.2.0\", \"root\": {\"path\": \"rootfs\"}, \"process\": {\"cwd\": "    \
	"\"/\", \"args\": [\"x\"], \"user\": {\"uid\": 0, \"gid\": 0}" process                     \
	"}, \"mounts\": [" mounts                                                                  \
	"], \"linux\": {\"maskedPaths\": [\"/proc/keys\"], \"namespaces\": [{\"type\": "           \
	"\"mount\"}" types "]" rest "}}"
#define USER ", {\"type\": \"user\"}"
#define OWN  MAP("uid", 0, 1000, 1) MAP("gid", 0, 1001, 1)
#define MANY MAP("uid", 0, 100000, 65536) MAP("gid", 0, 100000, 65536)
#define BIND(options)                                                                              \
	"{\"destination\": \"/media\", \"source\": \"/srv\", \"options\": [\"bind\"" options "]}"
#define LIMIT ", \"resources\": {\"pids\": {\"limit\": 9}}"
#define SCORE ", \"oomScoreAdj\": -9"

static const struct host ordinary = {
	.machine = "x86_64",
	.kernel = "6",
	.uid = 1000,
	.gid = 1001,
	.ordinary = true,
	.initial_userns = true,
	.last_cap = 40,
	.cgroup_root = "/sys/fs/cgroup",
	.controllers = CONTROLLER_PIDS,
};

/* What an engine made of one: root of a user namespace. */
static const struct host engine = {
	.machine = "x86_64",
	.kernel = "6",
	.capabilities = ~0ULL,
	.last_cap = 40,
	.cgroup_root = "/sys/fs/cgroup",
	.controllers = CONTROLLER_PIDS,
	.own_cgroup_writable = true,
};

static const struct {
	const char *name, *spec;
	const struct host *host;
	const char *has, *lacks; /* a line, or the error; none of the lines */
} rows[] = {
	{"no user namespace", SPEC("", "", "", ""), &ordinary,
	 "rootless container requires user namespaces: the caller has no CAP_SYS_ADMIN", NULL},
	{"the root is opened inside", SPEC(USER, OWN, "", ""), &ordinary,
	 "4 root.open /bundle/rootfs\n", "0 root.open"},
	{"for an engine outside", SPEC("", "", "", ""), &engine, "0 root.open /bundle/rootfs\n",
	 "4 root.open"},
	{"sources of binds too", SPEC(USER, OWN, "", BIND("")), &ordinary,
	 "4 mount.source bind /srv on /media\n", "0 mount.source"},
	{"the host's nodes too", SPEC(USER, OWN, "", ""), &ordinary,
	 "4 dev.source /dev/null c 1:3, the host's /dev/null\n", "0 dev.source"},
	{"and what masks", SPEC(USER, OWN, "", ""), &ordinary, "4 mask.null /dev/null\n",
	 "0 mask.null"},
	{"no id maps of mounts", SPEC(USER, OWN, "", BIND(", \"idmap\"")), &ordinary,
	 "mount on /media: an ordinary user can't map its ids", NULL},
	{"its own ids", SPEC(USER, OWN, "", ""), &ordinary, "2 idmap uid 0:1000:1, gid 0:1001:1\n",
	 "idmap.helped"},
	{"another group", SPEC(USER, MAP("uid", 0, 1000, 1) MAP("gid", 0, 1000, 1), "", ""),
	 &ordinary, "2 idmap.helped uid 0:1000:1, gid 0:1000:1\n", NULL},
	{"many ids", SPEC(USER, MANY, "", ""), &ordinary,
	 "2 idmap.helped uid 0:100000:65536, gid 0:100000:65536\n", NULL},
	{"many of an engine's", SPEC(USER, MANY, "", ""), &engine,
	 "2 idmap uid 0:100000:65536, gid 0:100000:65536\n", "idmap.helped"},
	{"no cgroup", SPEC(USER, OWN, "", ""), &ordinary, "", "cgroup"},
	{"but not without its limits", SPEC(USER, OWN LIMIT, "", ""), &ordinary,
	 "missing pids: pids.max = 9: the caller may not make cgroups below its own\n",
	 "cgroup.create"},
	{"and not where one is asked for", SPEC(USER, OWN ", \"cgroupsPath\": \"a\"", "", ""),
	 &ordinary, "missing cgroup: cgroup /a: the caller may not make cgroups below its own\n",
	 "cgroup.create"},
	{"one that was given", SPEC("", LIMIT, "", ""), &engine, "0 cgroup.limit pids.max = 9\n",
	 "missing"},
	{"the score is not lowered", SPEC(USER, OWN, SCORE, ""), &ordinary,
	 "2 oom score adjusted by -9, or the caller's own where that is more\n", "3 oom"},
};

static void list(const struct plan *plan, struct text *text)
{
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage) {
			text_addf(text, "%d %s ", stage, step->kind->name);
			step->kind->describe(step, text);
			text_add(text, "\n");
		}
	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		text_addf(text, "missing %s: %s\n", missing->what, missing->why);
}

Test(runtime_rootless, plan)
{
	const struct plan_request request = {.id = "c", .bundle = "/bundle"};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(plan_free) struct plan plan = {};
		cleanup_(text_free) struct text got = {};
		struct oci_spec spec = {};
		struct err err = {};

		cr_assert_eq(oci_spec_read(&plan.arena, "config.json", rows[i].spec,
					   strlen(rows[i].spec), &spec, &err),
			     0, "%s: %s", rows[i].name, err.what);
		if (plan_make(&plan, &spec, rows[i].host, &request, &err) < 0)
			text_add(&got, err.what);
		else
			list(&plan, &got);
		cr_expect(strstr(text_str(&got), rows[i].has), "%s: %s", rows[i].name,
			  text_str(&got));
		cr_expect(!rows[i].lacks || !strstr(text_str(&got), rows[i].lacks), "%s: %s",
			  rows[i].name, text_str(&got));
	}
}
