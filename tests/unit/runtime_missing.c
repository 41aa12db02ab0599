#include "runtime/missing.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "runtime/container.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void add_line(void *data, const char *line)
{
	text_addf(data, "%s\n", line);
}

static const struct {
	const char *accept, *refused; /* "": goes on */
} rows[] = {
	{NULL, "memory,cpu"},  {"", "memory,cpu"},        {"all", ""},
	{"memory", "cpu"},     {"cpu,memory", ""},        {"cpu,,memory,", ""},
	{"mem", "memory,cpu"}, {"memoryx,cpu", "memory"}, {"pids,all", ""},
	{"al", "memory,cpu"},
};

Test(runtime_missing, accepted)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text lines = {};
		struct runtime runtime = {
			.accept = rows[i].accept, .warn = add_line, .warn_data = &lines};
		cleanup_(plan_free) struct plan plan = {};
		struct err err = {};
		char want[128];
		int r;

		plan_missing(&plan, "memory", "memory:, line 2", "memory.max = 1: no controller");
		plan_missing(&plan, "memory", "memory:, line 2", "memory.high = 1: no controller");
		plan_missing(&plan, "cpu", "cores:, line 3", "cpu.max = 1: no controller");
		r = missing_check(&runtime, &plan, &err);
		cr_expect_eq(r, *rows[i].refused ? -ENOTSUP : 0, "%s", rows[i].accept);
		(void)snprintf(want, sizeof(want), "this host can't enforce %s", rows[i].refused);
		cr_expect_str_eq(err.what, *rows[i].refused ? want : "", "%s", rows[i].accept);
		cr_expect_str_eq(
			text_str(&lines),
			"not enforced on this host [memory]: memory.max = 1: no controller "
			"(from memory:, line 2)\n"
			"not enforced on this host [memory]: memory.high = 1: no "
			"controller (from memory:, line 2)\n"
			"not enforced on this host [cpu]: cpu.max = 1: no controller (from "
			"cores:, line 3)\n",
			"all are said, each on its line");
	}
}
