#include "lib/err.h"
#include "lib/own.h"
#include "oci/check.h"

#include <stdio.h>
#include <string.h>

/* config-linux.md, "Control groups": what makes no sense in any cgroup tree. */

static int check_memory(const struct oci_resources *resources, struct err *err)
{
	const struct opt_i64 *limit = &resources->memory.limit, *swap = &resources->memory.swap;

	if (swap->set && swap->value > 0 && !limit->set)
		return err_plain(err, -EINVAL, "linux.resources.memory.swap: needs memory.limit");
	if (swap->set && swap->value > 0 && limit->value > swap->value)
		return err_plain(
			err, -EINVAL,
			"linux.resources.memory.swap: %ld is below memory.limit, %ld (swap "
			"is the sum of both)",
			swap->value, limit->value);
	return 0;
}

/* ------------------------------------------------------------------ numbers */

#define NUMBER(member) offsetof(struct oci_resources, member)

/*
 * What a number may be. 0 always: as if it were not given. From one that is clamped config.json may
 * be as far away as it likes: the nearest holds, as in the kernel's cgroups version 1.
 */
static const struct range {
	const char *member;
	size_t offset; /* of a struct opt_i64, or an opt_u64: both look alike */
	int64_t none;  /* -1: no limit; 0: there is no such word */
	int64_t min, max;
	bool clamped;
} ranges[] = {
	{"memory.limit", NUMBER(memory.limit), -1, 1, INT64_MAX, false},
	{"memory.reservation", NUMBER(memory.reservation), -1, 1, INT64_MAX, false},
	{"memory.swap", NUMBER(memory.swap), -1, 1, INT64_MAX, false},
	{"cpu.shares", NUMBER(cpu.shares), 0, 2, 262144, true},
	{"cpu.quota", NUMBER(cpu.quota), -1, 1000, INT64_MAX, false},
	{"cpu.period", NUMBER(cpu.period), 0, 1000, 1000000, false},
	{"cpu.idle", NUMBER(cpu.idle), 0, 1, 1, false},
	{"pids.limit", NUMBER(pids_limit), -1, 1, INT64_MAX, false},
	{"blockIO.weight", NUMBER(block_io.weight), 0, 10, 1000, true},
};

static int check_range(const struct oci_resources *resources, const struct range *range,
		       const char *name, struct err *err)
{
	const struct opt_i64 *number = (const void *)((const char *)resources + range->offset);
	char upper[32] = "";

	if (!number->set || number->value == 0 || number->value == range->none ||
	    (number->value >= range->min && number->value <= range->max))
		return 0;
	if (range->max == INT64_MAX)
		(void)snprintf(upper, sizeof(upper), " and above");
	else if (range->max > range->min)
		(void)snprintf(upper, sizeof(upper), " to %ld", range->max);
	return err_plain(err, -EINVAL, "%s: %ld is out of range (%s0, %ld%s)", name, number->value,
			 range->none ? "-1, " : "", range->min, upper);
}

int oci_resource_check(const struct oci_resources *resources, const char *member, const char *name,
		       struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (strcmp(ranges[i].member, member) == 0)
			return check_range(resources, &ranges[i], name, err);
	return 0;
}

static int check_numbers(const struct oci_resources *resources, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(ranges); i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "linux.resources.%s", ranges[i].member);
		if (!ranges[i].clamped)
			r = check_range(resources, &ranges[i], name, err);
	}
	return r;
}

/* ------------------------------------------------------------------ lists and names */

static int check_cpu_lists(const struct oci_resources *resources, struct err *err)
{
	int r = 0;

	if (resources->cpu.cpus && *resources->cpu.cpus)
		r = oci_ranges_check("linux.resources.cpu.cpus", resources->cpu.cpus, err);
	if (r == 0 && resources->cpu.mems && *resources->cpu.mems)
		r = oci_ranges_check("linux.resources.cpu.mems", resources->cpu.mems, err);
	return r;
}

/* -1 is every one, as an absent number. */
static int check_number(const char *member, size_t index, const struct opt_i64 *number, long max,
			struct err *err)
{
	if (!number->set || (number->value >= -1 && number->value <= max))
		return 0;
	return err_plain(err, -EINVAL,
			 "linux.resources.devices[%zu].%s: %ld is not within -1 to %ld", index,
			 member, number->value, max);
}

static int check_device_rules(const struct oci_resources *resources, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < resources->devices.count; i++) {
		const struct oci_device_rule *rule = &resources->devices.items[i];

		r = check_number("major", i, &rule->major, MAJOR_MAX, err);
		if (r == 0)
			r = check_number("minor", i, &rule->minor, MINOR_MAX, err);
		if (r == 0 && rule->type)
			r = oci_item_check("linux.resources.devices", i, ".type", rule->type,
					   oci_words_device_rule, err);
		if (r == 0 && rule->access && strspn(rule->access, "rwm") != strlen(rule->access))
			r = err_plain(
				err, -EINVAL,
				"linux.resources.devices[%zu].access: '%s' has more than r, w "
				"and m",
				i, rule->access);
	}
	return r;
}

/* A page size is part of a file's name: "2MB" in hugetlb.2MB.max. */
static bool is_page_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && text[0] != '0' && text[digits] && strchr("KMG", text[digits]) &&
	       strcmp(text + digits + 1, "B") == 0;
}

static int check_hugepages(const struct oci_resources *resources, struct err *err)
{
	for (size_t i = 0; i < resources->hugepage_limits.count; i++)
		if (!is_page_size(resources->hugepage_limits.items[i].page_size))
			return err_plain(err, -EINVAL,
					 "linux.resources.hugepageLimits[%zu].pageSize: '%s' is no "
					 "page size (like 2MB)",
					 i, resources->hugepage_limits.items[i].page_size);
	return 0;
}

/* Not limits but the cgroup itself: a pid in cgroup.procs would go and end with the container. */
static bool is_own_file(const char *name)
{
	static const char *const files[] = {"cgroup.procs", "cgroup.threads",
					    "cgroup.kill",  "cgroup.freeze",
					    "cgroup.type",  "cgroup.subtree_control"};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(name, files[i]) == 0)
			return true;
	return false;
}

static int check_unified(const char *name, struct err *err)
{
	if (!*name || strchr(name, '/'))
		return err_plain(err, -EINVAL, "linux.resources.unified[\"%s\"]: is no file name",
				 name);
	if (is_own_file(name))
		return err_plain(err, -EINVAL,
				 "linux.resources.unified[\"%s\"]: is no limit, but the runtime's",
				 name);
	return 0;
}

/* Names that become a file's name, or a word of a line that the kernel reads. */
static int check_names(const struct oci_resources *resources, struct err *err)
{
	for (size_t i = 0; i < resources->unified.count; i++) {
		int r = check_unified(resources->unified.items[i].name, err);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < resources->rdma.count; i++)
		if (!*resources->rdma.items[i].name ||
		    strpbrk(resources->rdma.items[i].name, " \t\n"))
			return err_plain(err, -EINVAL,
					 "linux.resources.rdma[\"%s\"]: is no name of a device",
					 resources->rdma.items[i].name);
	return 0;
}

int oci_resources_check(const struct oci_resources *resources, struct err *err)
{
	int r;

	r = check_numbers(resources, err);
	if (r == 0)
		r = check_device_rules(resources, err);
	if (r == 0)
		r = check_names(resources, err);
	if (r == 0)
		r = check_hugepages(resources, err);
	if (r == 0)
		r = check_cpu_lists(resources, err);
	return r < 0 ? r : check_memory(resources, err);
}
