#include "cgroup/limits.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <string.h>

enum { CPU_PERIOD_USEC = 100000 };

struct planner {
	struct plan *plan;
	const struct cgroup_place *place;
	const char *refused;
	bool keeper;
	const struct oci_resources *resources;
	uint32_t *needed;
	struct err *err;
};

static void limit_describe(const struct step *step, struct text *text)
{
	const struct limit *limit = &container_of(step, struct cgroup_limit_step, step)->limit;

	text_addf(text, "%s = %s", limit->file, limit->value);
}

static void limit_write(const struct step *step, struct json_out *out)
{
	const struct limit *limit = &container_of(step, struct cgroup_limit_step, step)->limit;

	json_out_string(out, "file", limit->file);
	json_out_string(out, "value", limit->value);
}

/* No undo: the values go with the cgroup. */
const struct step_kind cgroup_limit_kind = {
	.name = "cgroup.limit",
	.describe = limit_describe,
	.write = limit_write,
	.apply = limit_apply,
	.observe = limit_observe,
};

static const struct controller_name *controller_of(const char *file)
{
	size_t length = strcspn(file, ".");

	for (const struct controller_name *c = controller_names; c->name; c++)
		if (strlen(c->name) == length && strncmp(c->name, file, length) == 0)
			return c;
	return NULL;
}

/* "cgroup.*" files and pressure are there without any controller. */
static bool needs_none(const char *file)
{
	return starts_with(file, "cgroup.");
}

static void add_missing(const struct planner *p, const char *what, const char *origin,
			const struct limit *limit)
{
	if (p->refused)
		plan_missing(p->plan, what, origin, "%s = %s: %s", limit->file, limit->value,
			     p->refused);
	else
		plan_missing(p->plan, what, origin,
			     "%s = %s: cgroup version 2 has no %.*s controller here", limit->file,
			     limit->value, (int)strcspn(limit->file, "."), limit->file);
}

/* One write, or what is missing for it. */
static void add(const struct planner *p, const char *member, const struct limit *limit)
{
	const char *origin = plan_origin(p->plan, "linux.resources.%s", member);
	const struct controller_name *controller = controller_of(limit->file);
	struct cgroup_limit_step *step;

	if (p->refused || (!needs_none(limit->file) &&
			   (!controller || !(p->plan->host->controllers & controller->bit)))) {
		add_missing(p, controller ? controller->name : "unified", origin, limit);
		return;
	}
	if (controller)
		*p->needed |= controller->bit;
	step = plan_step(p->plan, &cgroup_limit_kind,
			 p->keeper && strcmp(limit->file, "pids.max") == 0 ? STEP_MAP
									   : STEP_PREPARE,
			 sizeof(*step), origin);
	step->place = *p->place;
	step->limit = *limit;
}

static const char *number_or_max(struct arena *arena, int64_t value)
{
	return value < 0 ? "max" : arena_printf(arena, "%ld", (long)value);
}

static int no_sense(const struct planner *p, const char *member, const char *why)
{
	return err_plain(p->err, -EINVAL, "linux.resources.%s: %s", member, why);
}

/* ------------------------------------------------------------------ one value each */

/*
 * A row's function makes the value out of the resources. Return: 1 with @limit->value, 0 when there
 * is nothing to write, -EINVAL when it makes no sense.
 */
typedef int value_fn(const struct planner *p, struct limit *limit);

static int signed_value(const struct planner *p, const struct opt_i64 *from, struct limit *limit)
{
	if (from->set)
		limit->value = number_or_max(&p->plan->arena, from->value);
	return from->set;
}

static int memory_max(const struct planner *p, struct limit *limit)
{
	if (p->resources->memory.limit.value == 0)
		return 0; /* what engines write for "none" */
	return signed_value(p, &p->resources->memory.limit, limit);
}

static int memory_low(const struct planner *p, struct limit *limit)
{
	if (p->resources->memory.reservation.value == 0)
		return 0;
	return signed_value(p, &p->resources->memory.reservation, limit);
}

/* Version 1 counts memory and swap together, version 2 swap alone. */
static int swap_max(const struct planner *p, struct limit *limit)
{
	const struct opt_i64 *swap = &p->resources->memory.swap;
	const struct opt_i64 *memory = &p->resources->memory.limit;

	if (!swap->set || swap->value == 0) {
		if (!memory->set || memory->value >= 0)
			return 0;
		limit->value = "max";
	} else if (swap->value < 0) {
		limit->value = "max";
	} else if (!memory->set || memory->value <= 0) {
		return no_sense(p, "memory.swap",
				"is memory and swap together: it needs memory.limit");
	} else if (swap->value < memory->value) {
		return no_sense(p, "memory.swap",
				"is memory and swap together: less than memory.limit");
	} else {
		limit->value = number_or_max(&p->plan->arena, swap->value - memory->value);
	}
	limit->optional = strcmp(limit->value, "max") == 0;
	return 1;
}

static int cpu_idle(const struct planner *p, struct limit *limit)
{
	return signed_value(p, &p->resources->cpu.idle, limit);
}

static int weight_of_shares(const struct planner *p, struct limit *limit)
{
	const struct opt_u64 *shares = &p->resources->cpu.shares;

	/* An idle cgroup has no weight. */
	if (!shares->set || shares->value == 0 || p->resources->cpu.idle.value == 1)
		return 0;
	limit->value = arena_printf(&p->plan->arena, "%u", cpu_weight(shares->value));
	return 1;
}

static int cpu_max(const struct planner *p, struct limit *limit)
{
	const struct opt_i64 *quota = &p->resources->cpu.quota;
	const struct opt_u64 *period = &p->resources->cpu.period;
	unsigned long usec = period->set && period->value ? period->value : CPU_PERIOD_USEC;

	if (!quota->set && (!period->set || period->value == 0))
		return 0;
	limit->value = arena_printf(
		&p->plan->arena, "%s %lu",
		number_or_max(&p->plan->arena, quota->value > 0 ? quota->value : -1), usec);
	return 1;
}

static int cpu_burst(const struct planner *p, struct limit *limit)
{
	const struct opt_u64 *burst = &p->resources->cpu.burst;

	if (burst->set)
		limit->value = arena_printf(&p->plan->arena, "%lu", burst->value);
	limit->optional = burst->value == 0;
	return burst->set;
}

/* A burst is at most the quota: where both sink it has to be the first, where they rise the last.
 */
static int cpu_burst_early(const struct planner *p, struct limit *limit)
{
	limit->early = true;
	return p->resources->cpu.quota.set ? cpu_burst(p, limit) : 0;
}

static int cpuset_cpus(const struct planner *p, struct limit *limit)
{
	limit->value = p->resources->cpu.cpus;
	return limit->value && *limit->value;
}

static int cpuset_mems(const struct planner *p, struct limit *limit)
{
	limit->value = p->resources->cpu.mems;
	return limit->value && *limit->value;
}

/* The first process has to fit in: 0 can't be meant. */
static int pids_max(const struct planner *p, struct limit *limit)
{
	const struct opt_i64 *pids = &p->resources->pids_limit;

	if (pids->set)
		limit->value = number_or_max(&p->plan->arena, pids->value == 0 ? 1 : pids->value);
	return pids->set;
}

/* With the BFQ scheduler its own file is there, with the numbers as they are. */
static int block_weight(const struct planner *p, struct limit *limit)
{
	const struct opt_u64 *weight = &p->resources->block_io.weight;

	if (!weight->set || weight->value == 0)
		return 0;
	limit->value = arena_printf(&p->plan->arena, "%u", io_weight(weight->value));
	limit->instead = "io.bfq.weight";
	limit->instead_value = arena_printf(&p->plan->arena, "%lu", weight->value);
	return 1;
}

/* In the order of writing: memory.max before memory.swap.max. */
static const struct {
	const char *member, *file;
	value_fn *value;
} values[] = {
	{"memory.limit", "memory.max", memory_max},
	{"memory.reservation", "memory.low", memory_low},
	{"memory.swap", "memory.swap.max", swap_max},
	{"cpu.idle", "cpu.idle", cpu_idle},
	{"cpu.shares", "cpu.weight", weight_of_shares},
	{"cpu.burst", "cpu.max.burst", cpu_burst_early},
	{"cpu.quota", "cpu.max", cpu_max},
	{"cpu.burst", "cpu.max.burst", cpu_burst},
	{"cpu.cpus", "cpuset.cpus", cpuset_cpus},
	{"cpu.mems", "cpuset.mems", cpuset_mems},
	{"pids.limit", "pids.max", pids_max},
	{"blockIO.weight", "io.weight", block_weight},
};

static int plan_values(const struct planner *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct limit limit = {.file = values[i].file};
		int r = values[i].value(p, &limit);

		if (r < 0)
			return r;
		if (r > 0)
			add(p, values[i].member, &limit);
	}
	return 0;
}

/* ------------------------------------------------------------------ lists */

static void plan_throttle(const struct planner *p, const char *member, const char *key,
			  const struct oci_throttle_devices *devices)
{
	for (size_t i = 0; i < devices->count; i++) {
		const struct oci_throttle_device *device = &devices->items[i];
		struct arena *arena = &p->plan->arena;
		const char *rate = device->rate ? arena_printf(arena, "%lu", device->rate) : "max";
		const struct limit limit = {
			.file = "io.max",
			.value = arena_printf(arena, "%ld:%ld %s=%s", device->major, device->minor,
					      key, rate),
		};

		add(p, arena_printf(arena, "blockIO.%s[%zu]", member, i), &limit);
	}
}

static void plan_block_io(const struct planner *p)
{
	const typeof(p->resources->block_io) *io = &p->resources->block_io;
	struct arena *arena = &p->plan->arena;

	for (size_t i = 0; i < io->weight_device.count; i++) {
		const struct oci_weight_device *device = &io->weight_device.items[i];
		const char *value = arena_printf(arena, "%ld:%ld %lu", device->major, device->minor,
						 device->weight.value);
		const struct limit limit = {
			.file = "io.weight",
			.value = arena_printf(arena, "%ld:%ld %u", device->major, device->minor,
					      io_weight(device->weight.value)),
			.instead = "io.bfq.weight",
			.instead_value = value,
		};

		if (device->weight.set)
			add(p, arena_printf(arena, "blockIO.weightDevice[%zu]", i), &limit);
	}
	plan_throttle(p, "throttleReadBpsDevice", "rbps", &io->throttle_read_bps);
	plan_throttle(p, "throttleWriteBpsDevice", "wbps", &io->throttle_write_bps);
	plan_throttle(p, "throttleReadIOPSDevice", "riops", &io->throttle_read_iops);
	plan_throttle(p, "throttleWriteIOPSDevice", "wiops", &io->throttle_write_iops);
}

/* Pages in use, and where the kernel has it (Linux 5.7) pages that are only reserved. */
static void plan_hugepages(const struct planner *p)
{
	struct arena *arena = &p->plan->arena;

	for (size_t i = 0; i < p->resources->hugepage_limits.count; i++) {
		const struct oci_hugepage_limit *page = &p->resources->hugepage_limits.items[i];
		const char *member = arena_printf(arena, "hugepageLimits[%zu]", i);
		const char *value = arena_printf(arena, "%lu", page->limit_bytes);
		const struct limit used = {
			.file = arena_printf(arena, "hugetlb.%s.max", page->page_size),
			.value = value,
		};
		const struct limit reserved = {
			.file = arena_printf(arena, "hugetlb.%s.rsvd.max", page->page_size),
			.value = value,
			.optional = true,
		};

		add(p, member, &used);
		add(p, member, &reserved);
	}
}

static void plan_rdma(const struct planner *p)
{
	for (size_t i = 0; i < p->resources->rdma.count; i++) {
		const struct oci_named_rdma *rdma = &p->resources->rdma.items[i];
		cleanup_(text_free) struct text text = {};
		struct limit limit = {.file = "rdma.max"};

		text_add(&text, rdma->name);
		if (rdma->hca_handles.set)
			text_addf(&text, " hca_handle=%lu", rdma->hca_handles.value);
		if (rdma->hca_objects.set)
			text_addf(&text, " hca_object=%lu", rdma->hca_objects.value);
		limit.value = arena_strdup(&p->plan->arena, text_str(&text));
		add(p, "rdma", &limit);
	}
}

/* Words for the file as they are, one write a line; last, so that they win. */
static int plan_unified(const struct planner *p)
{
	for (size_t i = 0; i < p->resources->unified.count; i++) {
		const struct oci_pair *pair = &p->resources->unified.items[i];
		const char *member = arena_printf(&p->plan->arena, "unified.%s", pair->name);

		if (strchr(pair->name, '/') || !strchr(pair->name, '.') || pair->name[0] == '.')
			return no_sense(p, member, "is not the name of a cgroup file");
		for (const char *line = pair->value; line;) {
			size_t length = strcspn(line, "\n");
			const struct limit limit = {
				.file = pair->name,
				.value = arena_strndup(&p->plan->arena, line, length),
			};

			if (length > 0 || line == pair->value)
				add(p, member, &limit);
			line = line[length] ? line + length + 1 : NULL;
		}
	}
	return 0;
}

/* ------------------------------------------------------------------ what version 2 hasn't */

static void plan_without_file(const struct planner *p)
{
	const struct oci_resources *r = p->resources;
	const struct {
		bool asked;
		const char *member, *what;
	} rows[] = {
		{r->memory.kernel.set && r->memory.kernel.value > 0, "memory.kernel",
		 "memory-kernel"},
		{r->memory.kernel_tcp.set && r->memory.kernel_tcp.value > 0, "memory.kernelTCP",
		 "memory-kernel"},
		{r->memory.swappiness.set, "memory.swappiness", "memory-swappiness"},
		{r->memory.disable_oom_killer.value, "memory.disableOOMKiller",
		 "memory-oom-killer"},
		{r->cpu.realtime_runtime.value != 0, "cpu.realtimeRuntime", "cpu-realtime"},
		{r->cpu.realtime_period.value != 0, "cpu.realtimePeriod", "cpu-realtime"},
		{r->block_io.leaf_weight.value != 0, "blockIO.leafWeight", "io-leaf-weight"},
		{r->network.class_id.value != 0, "network.classID", "network-class"},
		{r->network.priorities.count > 0, "network.priorities", "network-class"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].asked)
			plan_missing(p->plan, rows[i].what,
				     plan_origin(p->plan, "linux.resources.%s", rows[i].member),
				     "%s: cgroup version 2 has nothing like it", rows[i].member);
}

int limits_plan(const struct limits_request *request, const struct oci_resources *resources,
		uint32_t *needed, struct err *err)
{
	const struct planner planner = {
		.plan = request->plan,
		.place = request->place,
		.refused = request->refused,
		.keeper = request->keeper,
		.resources = resources,
		.needed = needed,
		.err = err,
	};
	int r;

	if (!resources)
		return 0;
	r = plan_values(&planner);
	if (r < 0)
		return r;
	plan_block_io(&planner);
	plan_hugepages(&planner);
	plan_rdma(&planner);
	plan_without_file(&planner);
	return plan_unified(&planner);
}
