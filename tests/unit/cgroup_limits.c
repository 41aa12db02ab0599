#include "cgroup/limits.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <criterion/criterion.h>

static const struct cgroup_place place = {.mount = "/sys/fs/cgroup", .path = "/t"};

static const char *plan_text(struct plan *plan, struct text *text)
{
	text_clear(text);
	step_each (step, plan, STEP_PREPARE) {
		if (text->length)
			text_add(text, "; ");
		step->kind->describe(step, text);
	}
	for (const struct missing *m = plan->missing; m; m = m->next)
		text_addf(text, "%smissing %s", text->length ? "; " : "", m->what);
	return text_str(text);
}

Test(cgroup_limits, weights)
{
	/* 1024 is 100 and the ends meet by the formula's making; the others are the formula on
	 * paper. */
	static const struct {
		uint64_t shares;
		unsigned int weight;
	} rows[] = {{0, 1},          {2, 1},    {1024, 100}, {262144, 10000},
		    {300000, 10000}, {512, 59}, {2048, 174}, {4096, 303}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_eq(cpu_weight(rows[i].shares), rows[i].weight, "%lu shares: %u, not %u",
			     rows[i].shares, cpu_weight(rows[i].shares), rows[i].weight);
	for (uint64_t shares = 2; shares < 262144; shares++)
		cr_assert_leq(cpu_weight(shares), cpu_weight(shares + 1), "%lu shares", shares);
	cr_expect_eq(io_weight(10), 1);
	cr_expect_eq(io_weight(1000), 10000);
	cr_expect_eq(io_weight(500), 4950);
}

Test(cgroup_limits, values)
{
	static struct oci_net_priority priority = {"eth0", 3};
	static const struct {
		const char *name;
		struct oci_resources resources;
		uint32_t controllers;
		const char *plan; /* NULL: refused */
	} rows[] = {
		{"nothing", {}, ~0U, ""},
		{"memory", {.memory.limit = {true, 1 << 20}}, ~0U, "memory.max = 1048576"},
		{"no memory controller",
		 {.memory.limit = {true, 1 << 20}},
		 CONTROLLER_CPU,
		 "missing memory"},
		{"no limit",
		 {.memory.limit = {true, -1}},
		 ~0U,
		 "memory.max = max; memory.swap.max = max"},
		{"swap",
		 {.memory = {.limit = {true, 100}, .swap = {true, 300}}},
		 ~0U,
		 "memory.max = 100; memory.swap.max = 200"},
		{"no swap",
		 {.memory = {.limit = {true, 100}, .swap = {true, 100}}},
		 ~0U,
		 "memory.max = 100; memory.swap.max = 0"},
		{"endless swap",
		 {.memory = {.limit = {true, 100}, .swap = {true, -1}}},
		 ~0U,
		 "memory.max = 100; memory.swap.max = max"},
		{"swap below memory",
		 {.memory = {.limit = {true, 100}, .swap = {true, 50}}},
		 ~0U,
		 NULL},
		{"swap alone", {.memory.swap = {true, 50}}, ~0U, NULL},
		{"quota", {.cpu = {.quota = {true, 50000}}}, ~0U, "cpu.max = 50000 100000"},
		{"period", {.cpu = {.period = {true, 5000}}}, ~0U, "cpu.max = max 5000"},
		{"no quota",
		 {.cpu = {.quota = {true, -1}, .period = {true, 1000}}},
		 ~0U,
		 "cpu.max = max 1000"},
		{"shares",
		 {.cpu = {.shares = {true, 1024}, .cpus = "0-1"}},
		 ~0U,
		 "cpu.weight = 100; cpuset.cpus = 0-1"},
		{"idle", {.cpu = {.shares = {true, 1024}, .idle = {true, 1}}}, ~0U, "cpu.idle = 1"},
		{"pids", {.pids_limit = {true, 10}}, ~0U, "pids.max = 10"},
		{"pids -1", {.pids_limit = {true, -1}}, ~0U, "pids.max = max"},
		{"pids 0", {.pids_limit = {true, 0}}, ~0U, "pids.max = 1"},
		{"weight", {.block_io.weight = {true, 500}}, ~0U, "io.weight = 4950"},
		{"swappiness", {.memory.swappiness = {true, 60}}, ~0U, "missing memory-swappiness"},
		{"burst", {.cpu.burst = {true, 2000}}, ~0U, "cpu.max.burst = 2000"},
		{"quota and burst",
		 {.cpu = {.quota = {true, 5000}, .burst = {true, 2000}}},
		 ~0U,
		 "cpu.max.burst = 2000; cpu.max = 5000 100000; cpu.max.burst = 2000"},
		{"reservation", {.memory.reservation = {true, 4096}}, ~0U, "memory.low = 4096"},
		{"kernel memory", {.memory.kernel = {true, 4096}}, ~0U, "missing memory-kernel"},
		{"TCP memory", {.memory.kernel_tcp = {true, 4096}}, ~0U, "missing memory-kernel"},
		{"killer off",
		 {.memory.disable_oom_killer = {true, true}},
		 ~0U,
		 "missing memory-oom-killer"},
		{"real time", {.cpu.realtime_runtime = {true, 5}}, ~0U, "missing cpu-realtime"},
		{"leaf weight",
		 {.block_io.leaf_weight = {true, 50}},
		 ~0U,
		 "missing io-leaf-weight"},
		{"class", {.network.class_id = {true, 1}}, ~0U, "missing network-class"},
		{"priorities",
		 {.network.priorities = {1, &priority}},
		 ~0U,
		 "missing network-class"},
		{"hierarchy", {.memory.use_hierarchy = {true, true}}, ~0U, ""},
		{"killer on", {.memory.disable_oom_killer = {true, false}}, ~0U, ""},
	};
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct host host = {.controllers = rows[i].controllers};
		cleanup_(plan_free) struct plan plan = {.host = &host};
		const struct limits_request request = {&plan, &place};
		uint32_t needed = 0;
		struct err err = {};
		int r = limits_plan(&request, &rows[i].resources, &needed, &err);

		cr_expect_eq(r, rows[i].plan ? 0 : -EINVAL, "%s: %d %s", rows[i].name, r, err.what);
		if (rows[i].plan)
			cr_expect_str_eq(plan_text(&plan, &text), rows[i].plan, "%s: %s",
					 rows[i].name, text_str(&text));
	}
}

Test(cgroup_limits, unified)
{
	static const struct {
		const char *name, *value;
		const char *plan;
	} rows[] = {
		{"memory.high", "1", "memory.high = 1"},
		{"io.max", "8:0 rbps=1\n8:16 wbps=2\n",
		 "io.max = 8:0 rbps=1; io.max = 8:16 wbps=2"},
		{"cgroup.max.depth", "3", "cgroup.max.depth = 3"},
		{"misc.max", "res 1", "missing misc"},
		{"nonsense.max", "1", "missing unified"},
		{"../memory.max", "1", NULL},
		{"memory", "1", NULL},
	};
	const struct host host = {.controllers = CONTROLLER_MEMORY | CONTROLLER_IO};
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oci_pair pair = {rows[i].name, rows[i].value};
		const struct oci_resources resources = {.unified = {1, &pair}};
		cleanup_(plan_free) struct plan plan = {.host = &host};
		const struct limits_request request = {&plan, &place};
		uint32_t needed = 0;
		struct err err = {};
		int r = limits_plan(&request, &resources, &needed, &err);

		cr_expect_eq(r, rows[i].plan ? 0 : -EINVAL, "%s: %s", rows[i].name, err.what);
		if (rows[i].plan)
			cr_expect_str_eq(plan_text(&plan, &text), rows[i].plan, "%s: %s",
					 rows[i].name, text_str(&text));
	}
}

Test(cgroup_limits, lists)
{
	struct oci_throttle_device read_bps = {8, 0, 1000}, write_iops = {8, 16, 0};
	struct oci_hugepage_limit page = {"2MB", 4096};
	struct oci_named_rdma rdma = {"mlx5_1", {true, 3}, {}};
	const struct oci_resources resources = {
		.block_io = {.throttle_read_bps = {1, &read_bps},
			     .throttle_write_iops = {1, &write_iops}},
		.hugepage_limits = {1, &page},
		.rdma = {1, &rdma},
	};
	const struct host host = {.controllers = ~0U};
	cleanup_(plan_free) struct plan plan = {.host = &host};
	cleanup_(text_free) struct text text = {};
	const struct limits_request request = {&plan, &place};
	uint32_t needed = 0;
	struct err err = {};

	cr_assert_eq(limits_plan(&request, &resources, &needed, &err), 0);
	cr_expect_str_eq(plan_text(&plan, &text),
			 "io.max = 8:0 rbps=1000; io.max = 8:16 wiops=max; "
			 "hugetlb.2MB.max = 4096; hugetlb.2MB.rsvd.max = 4096; "
			 "rdma.max = mlx5_1 hca_handle=3");
	cr_expect_eq(needed, CONTROLLER_IO | CONTROLLER_HUGETLB | CONTROLLER_RDMA);
}
