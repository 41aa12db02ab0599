#include "pve/lint/parts.h"

#include "lib/text.h"

#include <stdlib.h>
#include <string.h>

/* How a value is written for version 2; NULL: as it is. */
typedef const char *convert_fn(struct arena *arena, const char *value);

enum { PERIOD_USUAL = 100000 };

/* Kernel's and runtimes' formula for the two scales: 2 to 262144, and 1 to 10000. */
static const char *weight_of_shares(struct arena *arena, const char *value)
{
	const unsigned long shares = strtoul(value, NULL, 10);

	if (shares < 2 || shares > 262144)
		return "100";
	return arena_printf(arena, "%lu", 1 + ((shares - 2) * 9999) / 262142);
}

static const char *weight_of_blkio(struct arena *arena, const char *value)
{
	const unsigned long weight = strtoul(value, NULL, 10);

	if (weight < 10 || weight > 1000)
		return "100";
	return arena_printf(arena, "%lu", 1 + ((weight - 10) * 9999) / 990);
}

static const char *with_period(struct arena *arena, const char *value)
{
	return arena_printf(arena, "%s %d", *value == '-' ? "max" : value, PERIOD_USUAL);
}

static const char *rate(struct arena *arena, const char *value, const char *word)
{
	const size_t device = strcspn(value, " ");

	return arena_printf(arena, "%.*s %s=%s", (int)device, value, word,
			    value + device + strspn(value + device, " "));
}

static const char *read_bytes(struct arena *arena, const char *value)
{
	return rate(arena, value, "rbps");
}

static const char *written_bytes(struct arena *arena, const char *value)
{
	return rate(arena, value, "wbps");
}

static const char *reads(struct arena *arena, const char *value)
{
	return rate(arena, value, "riops");
}

static const char *writes(struct arena *arena, const char *value)
{
	return rate(arena, value, "wiops");
}

static const char *frozen(struct arena *arena, const char *value)
{
	return strcmp(value, "FROZEN") == 0 ? "1" : "0";
}

/* Documentation/admin-guide of the kernel: cgroup-v1/, cgroup-v2.rst. */
static const struct {
	const char *old;
	const char *now; /* NULL: version 2 has nothing like it */
	convert_fn *convert;
	const char *instead; /* of those: what to do */
} files[] = {
	{"memory.limit_in_bytes", "memory.max"},
	{"memory.soft_limit_in_bytes", "memory.low"},
	{"memory.memsw.limit_in_bytes", "memory.swap.max", NULL,
	 "its value is for swap alone: take memory's from it"},
	{"memory.swappiness", NULL, NULL, "set vm.swappiness on the host"},
	{"memory.oom_control", NULL, NULL, "leave it out: the killer can't be turned off"},
	{"memory.kmem.limit_in_bytes", NULL, NULL, "leave it out: memory.max counts that too"},
	{"cpu.shares", "cpu.weight", weight_of_shares},
	{"cpu.cfs_quota_us", "cpu.max", with_period},
	{"cpu.cfs_period_us", "cpu.max", NULL, "it is the second number of cpu.max: QUOTA PERIOD"},
	{"cpuset.cpus", "cpuset.cpus"},
	{"cpuset.mems", "cpuset.mems"},
	{"pids.max", "pids.max"},
	{"blkio.weight", "io.weight", weight_of_blkio},
	{"blkio.throttle.read_bps_device", "io.max", read_bytes},
	{"blkio.throttle.write_bps_device", "io.max", written_bytes},
	{"blkio.throttle.read_iops_device", "io.max", reads},
	{"blkio.throttle.write_iops_device", "io.max", writes},
	{"devices.allow", "devices.allow"},
	{"devices.deny", "devices.deny"},
	{"hugetlb.2MB.limit_in_bytes", "hugetlb.2MB.max"},
	{"hugetlb.1GB.limit_in_bytes", "hugetlb.1GB.max"},
	{"freezer.state", "cgroup.freeze", frozen},
	{"net_cls.classid", NULL, NULL, "mark its packets by its interface on the host"},
	{"net_prio.ifpriomap", NULL, NULL, "shape its interface on the host: tc"},
};

static void check(const struct linting *l, const struct pve_entry *entry, const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(files[i].old, file) != 0)
			continue;
		lint_find(l, entry,
			  !files[i].now
				  ? files[i].instead
				  : arena_printf(l->arena, "write lxc.cgroup2.%s: %s%s%s",
						 files[i].now,
						 files[i].convert
							 ? files[i].convert(l->arena, entry->value)
							 : entry->value,
						 files[i].instead ? "; " : "",
						 files[i].instead ? files[i].instead : ""),
			  "%s is a file of cgroup version 1", file);
		return;
	}
	lint_find(l, entry, "leave it out, or find its like in cgroup version 2's documentation",
		  "%s is no file that cgroup version 2 has", file);
}

void lint_cgroup_v1(const struct linting *l)
{
	static const char prefix[] = "lxc.cgroup.";

	entry_each(entry, &l->conf->main.raw) if (starts_with(entry->key, prefix))
		check(l, entry, entry->key + strlen(prefix));
}
