#include "pve/translate/parts.h"

#include <math.h>
#include <string.h>

#define MIB             (1024UL * 1024)
#define MEMORY_DEFAULT  512   /* MiB, also for memory: 0 */
#define HEADROOM_MIB    128   /* memory.high stays below memory.max by 1/128, and this at most */
#define HEADROOM_FULL   16384 /* MiB from which it is that */
#define CPU_PERIOD_USEC 100000
#define QUOTA_MIN_USEC  1000 /* of the kernel */
#define WEIGHT_MAX      10000
#define MEMORY_MAX_MIB  (INT64_MAX / (1024 * 1024))

static struct oci_resources *resources(struct translation *t)
{
	return t->spec->linux.resources;
}

static void set_unified(struct translation *t, const char *file, const char *value,
			const char *origin)
{
	map_set(t, &resources(t)->unified, file, value);
	note_origin(t, origin, "linux.resources.unified.%s", file);
}

static int read_mib(struct translation *t, const char *key, uint64_t otherwise, uint64_t *mib)
{
	int r = option_u64(t, key, otherwise, mib);

	if (r < 0 || *mib <= MEMORY_MAX_MIB)
		return r;
	fail(t, -ERANGE, option_origin(t, key), "%lu MiB is more than can be set", *mib);
	err_hint(t->err, "write a number of MiB: 512");
	return -ERANGE;
}

static uint64_t memory_high(uint64_t mib)
{
	if (mib >= HEADROOM_FULL)
		return (mib - HEADROOM_MIB) * MIB;
	return mib * 1024 * (1024 - 8);
}

static int set_memory(struct translation *t)
{
	const char *origin = option_origin(t, "memory");
	uint64_t memory, swap;
	int r = read_mib(t, "memory", MEMORY_DEFAULT, &memory);

	if (r == 0)
		r = read_mib(t, "swap", 0, &swap);
	if (r < 0)
		return r;
	memory = memory ? memory : MEMORY_DEFAULT;
	resources(t)->memory.limit = (struct opt_i64){true, (int64_t)(memory * MIB)};
	note_origin(t, origin, "linux.resources.memory.limit");
	set_unified(t, "memory.high", arena_printf(t->arena, "%lu", memory_high(memory)), origin);
	set_unified(t, "memory.swap.max", arena_printf(t->arena, "%lu", swap * MIB),
		    option_origin(t, "swap"));
	return 0;
}

/* A number above 0 with a fraction or without; 0 stands for no limit in any spelling. */
static int set_cpu_limit(struct translation *t)
{
	const char *text = option_text(t, "cpulimit");
	double cpus;
	char *end;

	if (!text)
		return 0;
	cpus = strtod(text, &end);
	if (end == text || *end || !isfinite(cpus) || cpus < 0 || cpus > 8192)
		return fail_wrong(t, option_origin(t, "cpulimit"),
				  "write 0 to 8192, 0.5 is half of one",
				  "'%s' is no number of processors (0 to 8192)", text);
	if (cpus == 0)
		return 0;
	if (cpus * CPU_PERIOD_USEC < QUOTA_MIN_USEC)
		return fail_wrong(t, option_origin(t, "cpulimit"), "write at least 0.01",
				  "'%s' is less than the kernel takes (0.01)", text);
	resources(t)->cpu.quota = (struct opt_i64){true, (long)(cpus * CPU_PERIOD_USEC)};
	resources(t)->cpu.period = (struct opt_u64){true, CPU_PERIOD_USEC};
	note_origin(t, option_origin(t, "cpulimit"), "linux.resources.cpu.quota");
	note_origin(t, option_origin(t, "cpulimit"), "linux.resources.cpu.period");
	return 0;
}

/* The kernel takes weights from 1 on; Proxmox would fail for 0. */
static int set_cpu_weight(struct translation *t)
{
	uint64_t weight;
	int r = option_u64(t, "cpuunits", 0, &weight);

	if (r < 0 || !option_text(t, "cpuunits"))
		return r;
	weight = weight > WEIGHT_MAX ? WEIGHT_MAX : weight < 1 ? 1 : weight;
	set_unified(t, "cpu.weight", arena_printf(t->arena, "%lu", weight),
		    option_origin(t, "cpuunits"));
	return 0;
}

static int set_cpus(struct translation *t)
{
	const char *origin = option_origin(t, "cores");

	if (!option_text(t, "cores"))
		return 0;
	if (!t->facts->cpus)
		return fail(t, -ENOENT, origin, "the facts don't say which processors to take");
	resources(t)->cpu.cpus = t->facts->cpus;
	note_origin(t, origin, "linux.resources.cpu.cpus");
	return 0;
}

/* Files that take one line a device; all others hold one value, and the last line's stays. */
static bool holds_lines(const char *file)
{
	static const char *const files[] = {
		"io.max",      "io.weight",     "io.bfq.weight", "io.latency",
		"io.cost.qos", "io.cost.model", "rdma.max",      "misc.max",
		"dmem.max",    "dmem.low",      "dmem.min",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(files[i], file) == 0)
			return true;
	return false;
}

/* A raw line's value stands alone: the spec's own field for the same file goes. */
static void drop_field(struct translation *t, const char *file)
{
	struct oci_resources *own = resources(t);

	if (strcmp(file, "memory.max") == 0)
		own->memory.limit = (struct opt_i64){};
	if (strcmp(file, "cpuset.cpus") == 0)
		own->cpu.cpus = NULL;
	if (strcmp(file, "cpu.max") == 0) {
		own->cpu.quota = (struct opt_i64){};
		own->cpu.period = (struct opt_u64){};
	}
}

static int set_raw(struct translation *t, const struct lxc_line *line)
{
	const char *file = line->key + strlen("lxc.cgroup2.");
	const char *before = oci_map_find(&resources(t)->unified, file);
	const char *value = line->value;

	if (strchr(file, '/') || !strchr(file, '.'))
		return fail_wrong(t, line->origin,
				  "its files are CONTROLLER.NAME: memory.max, pids.max",
				  "'%s' is no file of a cgroup", file);
	drop_field(t, file);
	if (before && holds_lines(file))
		value = arena_printf(t->arena, "%s\n%s", before, value);
	set_unified(t, file, value, line->origin);
	return 0;
}

static int set_raw_files(struct translation *t)
{
	int r = 0;

	lxc_each(line, &t->lxc, "lxc.cgroup2.")
	{
		if (r == 0 && !starts_with(line->key, "lxc.cgroup2.devices."))
			r = set_raw(t, line);
	}
	return r;
}

int translate_limits(struct translation *t)
{
	static int (*const parts[])(struct translation *) = {
		set_memory, set_cpu_limit, set_cpu_weight, set_cpus, set_raw_files,
	};
	int r = 0;

	t->spec->linux.cgroups_path = arena_printf(t->arena, "/lxc/%s", t->conf->id);
	annotate(t, ANNOTATION_CGROUP_INNER, "ns");
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](t);
	return r;
}
