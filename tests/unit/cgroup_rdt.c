#include "cgroup/rdt.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *seen, *wanted;
	bool hold;
} schemata[] = {
	{"L3:0=7ff;1=7ff\n", "", true},
	{"    L3:0=7ff;1=0f\n    MB:0= 20;1=70\n", "L3:1=f;0=07ff\n", true},
	{"MB:0=20;1=70\nL3:0=7ff\n", "L3:0=7ff\nMB:1=70\n", true},
	{"L3:0=7ff\n", "L3:0=7f\n", false},
	{"L3:0=7ff\n", "L3:1=7ff\n", false},
	{"L3:0=7ff\n", "MB:0=20\n", false},
	{"L3CODE:0=7ff\n", "L3:0=7ff\n", false},
	{"L3:0=7ff\n", "L3\n", false},
	{"L3:10=1\n", "L3:1=1\n", false},
	{"L3:0=0\n", "L3:0=00\n", true},
};

Test(rdt, schemata)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemata); i++)
		cr_expect_eq(rdt_schemata_hold(schemata[i].seen, schemata[i].wanted),
			     schemata[i].hold, "row %zu", i);
}

static const struct {
	const char *rdt, *expected;
	bool absent;
} plans[] = {
	{"{}", "rdt.group /r/c1; rdt.task /r/c1; "},
	{"{\"closID\": \"gold\"}", "rdt.group /r/gold; rdt.task /r/gold; "},
	{"{\"closID\": \"/\", \"enableMonitoring\": true}",
	 "rdt.group /r/, counted as c1; rdt.task /r/; "},
	{"{\"l3CacheSchema\": \"L3:0=f\\nMB:0=10\", \"memBwSchema\": \"MB:0=20\", \"schemata\": "
	 "[\"L2:0=3\"]}",
	 "rdt.group /r/c1, L3:0=f, MB:0=20, L2:0=3; rdt.task /r/c1; "},
	{"{\"l3CacheSchema\": \"L3:0=f\\nMB:0=10\"}",
	 "rdt.group /r/c1, L3:0=f, MB:0=10; rdt.task /r/c1; "},
	{"{}", "missing intelRdt; ", true},
};

static void make(struct plan *plan, const char *rdt)
{
	struct oci_spec *spec = arena_alloc(&plan->arena, sizeof(*spec));
	const char *text = arena_printf(&plan->arena,
					"{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"r\"}, "
					"\"linux\": {\"intelRdt\": %s}}",
					rdt);
	struct err err = {};

	cr_assert_eq(oci_spec_read(&plan->arena, "config.json", text, strlen(text), spec, &err), 0,
		     "%s", err.what);
	cr_assert_eq(rdt_plan(plan, spec, "c1", &err), 0);
}

Test(rdt, plan)
{
	for (size_t i = 0; i < ARRAY_SIZE(plans); i++) {
		const struct host host = {.resctrl = plans[i].absent ? NULL : "/r"};
		cleanup_(plan_free) struct plan plan = {.host = &host};
		cleanup_(text_free) struct text got = {};

		make(&plan, plans[i].rdt);
		for (int stage = 0; stage < STEP_STAGES; stage++)
			step_each (step, &plan, stage) {
				text_addf(&got, "%s ", step->kind->name);
				step->kind->describe(step, &got);
				text_add(&got, "; ");
			}
		for (const struct missing *m = plan.missing; m; m = m->next)
			text_addf(&got, "missing %s; ", m->what);
		cr_expect_str_eq(text_str(&got), plans[i].expected, "row %zu: %s", i,
				 text_str(&got));
	}
}

/* A folder has the files that the kernel makes with a group, but for what it refuses. */
static void make_group(const char *root, const char *name, const char *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s/mon_groups", root, name);
	cr_assert_eq(make_dirs(path, 0755, NULL), 0);
	(void)snprintf(path, sizeof(path), "%s/%s/schemata", root, name);
	cr_assert_eq(file_replace(AT_FDCWD, path, text, strlen(text), 0644, false, NULL), 0);
	(void)snprintf(path, sizeof(path), "%s/%s/tasks", root, name);
	cr_assert_eq(file_replace(AT_FDCWD, path, "", 0, 0644, false, NULL), 0);
}

static int apply(const char *root, const char *rdt, struct err *err)
{
	const struct host host = {.resctrl = root};
	cleanup_(plan_free) struct plan plan = {.host = &host};
	struct run run;
	int r = 0;

	run_init(&run);
	run.pid = 4711;
	make(&plan, rdt);
	for (int stage = 0; stage < STEP_STAGES && r == 0; stage++)
		for (const struct step *step = plan.first[stage]; step && r == 0; step = step->next)
			r = step->kind->apply(step, &run, err);
	return r;
}

static void undo(const char *root, bool named)
{
	struct run run;
	cleanup_(arena_free) struct arena arena = {};
	const char *text = arena_printf(
		&arena, "{\"root\": \"%s\", \"group\": \"c1\", \"named\": %s, \"counter\": \"c1\"}",
		root, named ? "true" : "false");
	const struct json *record;

	run_init(&run);
	cr_assert_eq(json_read(&arena, "record", text, strlen(text), &record, NULL), 0);
	for (int i = 0; i < 2; i++)
		cr_expect_eq(rdt_group_undo(record, &run, NULL), 0);
}

Test(rdt, folders)
{
	char root[] = "/tmp/pctrun-rdt.XXXXXX", path[256], line[64];
	struct err err = {};

	cr_assert_not_null(mkdtemp(root));
	make_group(root, "gold", "L3:0=ff;1=f\n");
	cr_expect_eq(apply(root, "{\"closID\": \"gold\", \"l3CacheSchema\": \"L3:1=0f\"}", &err), 0,
		     "%s", err.what);
	(void)snprintf(path, sizeof(path), "%s/gold/tasks", root);
	cr_expect_gt(file_line(AT_FDCWD, path, line, sizeof(line)), 0);
	cr_expect_str_eq(line, "4711");
	cr_expect_eq(apply(root, "{\"closID\": \"gold\", \"l3CacheSchema\": \"L3:1=1\"}", &err),
		     -EINVAL);
	cr_expect_str_eq(err.what, "it is there already, with other limits");
	cr_expect_eq(apply(root, "{\"closID\": \"lead\"}", &err), -ENOENT);
	cr_expect_str_eq(err.what, "look for the group");

	make_group(root, "c1", "");
	cr_expect_eq(apply(root, "{\"memBwSchema\": \"MB:0=50\"}", &err), 0, "%s", err.what);
	(void)snprintf(path, sizeof(path), "%s/c1/schemata", root);
	cr_expect_gt(file_line(AT_FDCWD, path, line, sizeof(line)), 0);
	cr_expect_str_eq(line, "MB:0=50");

	/* The kernel takes the files of a group with the folder. */
	(void)snprintf(path, sizeof(path), "%s/c1", root);
	cr_expect_eq(remove_tree(AT_FDCWD, path), 0);
	(void)snprintf(path, sizeof(path), "%s/c1/mon_groups/c1", root);
	cr_assert_eq(make_dirs(path, 0755, NULL), 0);
	undo(root, true);
	(void)snprintf(path, sizeof(path), "%s/c1/mon_groups", root);
	cr_expect_eq(access(path, F_OK), 0, "a group with a name of its own stays");
	cr_expect_eq(rmdir(path), 0);
	undo(root, false);
	(void)snprintf(path, sizeof(path), "%s/c1", root);
	cr_expect_lt(access(path, F_OK), 0);
	cr_expect_eq(remove_tree(AT_FDCWD, root), 0);
}
