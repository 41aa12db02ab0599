#include "cgroup/limits.h"
#include "cgroup/scope.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <criterion/criterion.h>

static void add_words(const char *signature, const char *const *words, struct text *text)
{
	text_clear(text);
	text_add(text, signature);
	for (; *words; words++)
		text_addf(text, "|%s", *words);
}

Test(cgroup_scope, values_of_annotations)
{
	static const struct {
		const char *given, *words; /* NULL: refused */
	} rows[] = {
		{"true", "b|true"},
		{"false ", "b|false"},
		{"30", "i|30"},
		{"-30", "i|-30"},
		{"uint64 30", "t|30"},
		{"@t 30", "t|30"},
		{"byte 3", "y|3"},
		{"'a b'", "s|a b"},
		{"\"it's\"", "s|it's"},
		{"'it\\'s'", "s|it's"},
		{"objectpath '/a'", "o|/a"},
		{"['a.service', 'b.service']", "as|2|a.service|b.service"},
		{"[]", NULL},
		{"@as []", "as|0"},
		{"@at [1, 2]", "at|2|1|2"},
		{"[uint64 1, 2]", "at|2|1|2"},
		{"[byte 1]", "ay|1|1"},
		{"('a', 'b')", "(ss)|a|b"},
		{"[('/dev/sda', uint64 5)]", "a(st)|1|/dev/sda|5"},
		{"[['a'], ['b', 'c']]", "aas|2|1|a|2|b|c"},
		{"", NULL},
		{"nine", NULL},
		{"'open", NULL},
		{"['a' 'b']", NULL},
		{"['a', 1]", NULL},
		{"[1", NULL},
		{"uint64 -1", NULL},
		{"uint64 'a'", NULL},
		{"boolean 1", NULL},
		{"1 2", NULL},
		{"truely", NULL},
		{"[[[[[[[[[[1]]]]]]]]]]", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_(text_free) struct text text = {};
		const char *signature, *const *words;
		int r = scope_value_read(&arena, rows[i].given, &signature, &words);

		cr_expect_eq(r == 0, rows[i].words != NULL, "%s: %d", rows[i].given, r);
		if (r < 0 || !rows[i].words)
			continue;
		add_words(signature, words, &text);
		cr_expect_str_eq(text_str(&text), rows[i].words, "%s: %s", rows[i].given,
				 text_str(&text));
	}
}

/* "MemoryMax=t|5" for each property that the limits make. */
static void properties_of(struct oci_resources *resources, struct text *text)
{
	static const struct host host = {.controllers = ~0U, .cgroup_root = "/sys/fs/cgroup"};
	static const struct cgroup_place place = {.mount = "/sys/fs/cgroup", .path = "/a.scope"};
	cleanup_(plan_free) struct plan plan = {.host = &host};
	const struct limits_request request = {.plan = &plan, .place = &place, .keeper = true};
	struct scope scope = {.arena = &plan.arena};
	uint32_t needed = 0;

	cr_assert_eq(limits_plan(&request, resources, &needed, NULL), 0);
	scope_add_steps(&scope, &plan);
	for (struct scope_property *p = scope.first; p; p = p->next) {
		cleanup_(text_free) struct text words = {};

		add_words(p->words[1], p->words + 2, &words);
		text_addf(text, "%s%s=%s", text->length ? " " : "", p->words[0], text_str(&words));
	}
}

Test(cgroup_scope, properties_of_limits)
{
	static struct oci_pair high = {"memory.high", "1G"}, idle = {"cpu.idle", "1"};
	static const struct {
		const char *name;
		struct oci_resources resources;
		const char *properties;
	} rows[] = {
		{"none", {}, ""},
		{"memory", {.memory.limit = {true, 5}}, "MemoryMax=t|5"},
		{"no limit of memory",
		 {.memory.limit = {true, -1}},
		 "MemoryMax=t|18446744073709551615 MemorySwapMax=t|18446744073709551615"},
		{"quota",
		 {.cpu.quota = {true, 50000}},
		 "CPUQuotaPeriodUSec=t|100000 "
		 "CPUQuotaPerSecUSec=t|500000"},
		{"quota: up to whole per cents",
		 {.cpu = {.quota = {true, 1001}, .period = {true, 3000}}},
		 "CPUQuotaPeriodUSec=t|3000 CPUQuotaPerSecUSec=t|340000"},
		{"period alone",
		 {.cpu.period = {true, 20000}},
		 "CPUQuotaPeriodUSec=t|20000 CPUQuotaPerSecUSec=t|18446744073709551615"},
		{"shares", {.cpu.shares = {true, 1024}}, "CPUWeight=t|100"},
		{"idle", {.unified = {1, &idle}}, "CPUWeight=t|0"},
		{"cpus", {.cpu.cpus = "0,9"}, "AllowedCPUs=ay|2|1|2"},
		{"tasks", {.pids_limit = {true, 30}}, "TasksMax=t|30"},
		{"room for the keeper", {.pids_limit = {true, 1}}, "TasksMax=t|2"},
		{"disks", {.block_io.weight = {true, 1000}}, "IOWeight=t|10000"},
		{"only the kernel knows what it is", {.unified = {1, &high}}, ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};
		struct oci_resources resources = rows[i].resources;

		properties_of(&resources, &text);
		cr_expect_str_eq(text_str(&text), rows[i].properties, "%s: %s", rows[i].name,
				 text_str(&text));
	}
}
