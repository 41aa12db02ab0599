#include "cgroup/devices.h"
#include "cgroup/limits.h"
#include "cgroup/scope.h"
#include "lib/bitlist.h"
#include "lib/plan.h"
#include "lib/text.h"

#include <limits.h>
#include <string.h>

/* Words: systemd.resource-control(5); types: org.freedesktop.systemd1(5). */

enum { CPUS_MAX = 1024, QUOTA_STEP_USEC = 10000, KEEPER_AND_CONTAINER = 2, PTS_MAJOR = 136 };

static const char infinity[] = "18446744073709551615";

static bool names(const struct scope_property *property, const char *name)
{
	return strcmp(property->words[0], name) == 0;
}

/* A name, a signature, values, NULL. */
void scope_add(struct scope *scope, const char *name, const char *signature,
	       const char *const *values)
{
	struct scope_property *property = NULL;
	const char **words;
	size_t count = 0;

	while (values[count])
		count++;
	words = arena_array(scope->arena, count + 3, sizeof(*words));
	words[0] = name;
	words[1] = signature;
	memcpy(words + 2, values, count * sizeof(*words));
	for (property = scope->first; property && !names(property, name);)
		property = property->next;
	if (!property) {
		property = arena_alloc(scope->arena, sizeof(*property));
		*(scope->end ? scope->end : &scope->first) = property;
		scope->end = &property->next;
	}
	property->words = words;
}

void scope_add_one(struct scope *scope, const char *name, const char *signature, const char *value)
{
	const char *const values[] = {value, NULL};

	scope_add(scope, name, signature, values);
}

/* ------------------------------------------------------------------ limits */

/*
 * What a file's value is as properties. One that only the kernel understands ("1G") has none: the
 * file is written all the same.
 */
typedef void limit_fn(struct scope *scope, const char *name, const char *value);

static bool is_number(const char *value)
{
	unsigned long number;

	return parse_u64(value, &number) == 0;
}

static void add_number(struct scope *scope, const char *name, const char *value)
{
	if (is_number(value))
		scope_add_one(scope, name, "t", value);
	else if (strcmp(value, "max") == 0)
		scope_add_one(scope, name, "t", infinity);
}

/* Room for pctrun-scope, which the container's first process is born beside; pids.max is written
 * when it has left. */
static void add_tasks(struct scope *scope, const char *name, const char *value)
{
	unsigned long number;

	if (parse_u64(value, &number) == 0 && number < KEEPER_AND_CONTAINER)
		value = "2";
	add_number(scope, name, value);
}

/* systemd's weight 0 is idle, since version 252. */
static void add_idle(struct scope *scope, const char *name, const char *value)
{
	if (strcmp(value, "1") == 0)
		scope_add_one(scope, name, "t", "0");
}

/* "QUOTA PERIOD". systemd keeps whole per cents of a cpu: rounded up, so that it never gives less
 * than the file. */
static void add_quota(struct scope *scope, const char *name, const char *value)
{
	size_t length = strcspn(value, " ");
	const char *quota = arena_strndup(scope->arena, value, length);
	unsigned long quota_usec, period_usec, per_sec;

	if (!value[length] || parse_u64(value + length + 1, &period_usec) < 0 || period_usec == 0)
		return;
	scope_add_one(scope, "CPUQuotaPeriodUSec", "t", value + length + 1);
	if (parse_u64(quota, &quota_usec) < 0) {
		add_number(scope, name, quota);
		return;
	}
	per_sec = (unsigned long)((__uint128_t)quota_usec * 1000000 / period_usec);
	per_sec = (per_sec + QUOTA_STEP_USEC - 1) / QUOTA_STEP_USEC * QUOTA_STEP_USEC;
	scope_add_one(scope, name, "t", arena_printf(scope->arena, "%lu", per_sec));
}

/* A bit mask in bytes, least first. */
static void add_list(struct scope *scope, const char *name, const char *value)
{
	unsigned long bits[CPUS_MAX / (sizeof(long) * CHAR_BIT)] = {};
	const size_t size = sizeof(bits);
	const char **values = arena_array(scope->arena, size + 2, sizeof(*values));
	const unsigned char *bytes = (const unsigned char *)bits;
	size_t count = size;

	if (bitlist_read(value, bits, CPUS_MAX) < 0)
		return;
	while (count > 0 && bytes[count - 1] == 0)
		count--;
	values[0] = arena_printf(scope->arena, "%zu", count);
	for (size_t i = 0; i < count; i++)
		values[i + 1] = arena_printf(scope->arena, "%u", bytes[i]);
	scope_add(scope, name, "ay", values);
}

/* What isn't here systemd has no property for, or leaves alone what it wasn't told: io.max and the
 * weights of single devices. */
static const struct {
	const char *file, *name;
	limit_fn *add;
} limits[] = {
	{"memory.max", "MemoryMax", add_number},
	{"memory.high", "MemoryHigh", add_number},
	{"memory.low", "MemoryLow", add_number},
	{"memory.min", "MemoryMin", add_number},
	{"memory.swap.max", "MemorySwapMax", add_number},
	{"cpu.weight", "CPUWeight", add_number},
	{"cpu.idle", "CPUWeight", add_idle},
	{"cpu.max", "CPUQuotaPerSecUSec", add_quota},
	{"cpuset.cpus", "AllowedCPUs", add_list},
	{"cpuset.mems", "AllowedMemoryNodes", add_list},
	{"io.weight", "IOWeight", add_number},
	{"pids.max", "TasksMax", add_tasks},
};

static void add_limit(struct scope *scope, const struct limit *limit)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (strcmp(limits[i].file, limit->file) == 0)
			limits[i].add(scope, limits[i].name, limit->value);
}

/* ------------------------------------------------------------------ devices */

static const char *access_word(struct arena *arena, unsigned int access)
{
	return arena_printf(arena, "%s%s%s", access & DEVICE_READ ? "r" : "",
			    access & DEVICE_WRITE ? "w" : "", access & DEVICE_MKNOD ? "m" : "");
}

/* systemd knows a major number alone by its driver's name in /proc/devices; where that isn't the
 * same everywhere, by all: the filter of our own is the exact one. */
static const char *device_pattern(struct arena *arena, const struct device_rule *rule, char type)
{
	const char *kind = type == 'c' ? "char" : "block";

	if (rule->major >= 0 && rule->minor >= 0)
		return arena_printf(arena, "/dev/%s/%ld:%ld", kind, rule->major, rule->minor);
	if (type == 'c' && rule->major == PTS_MAJOR)
		return "char-pts";
	return arena_printf(arena, "%s-*", kind);
}

/*
 * Both filters have to allow an access, so systemd's gets all that may ever be allowed: a rule that
 * takes something back is for ours alone.
 */
static void add_devices(struct scope *scope, const struct device_policy *policy)
{
	struct arena *arena = scope->arena;
	const char **values = arena_array(arena, policy->count * 4 + 2, sizeof(*values));
	size_t count = 0;

	if (policy->allow)
		return;
	for (size_t i = 0; i < policy->count; i++) {
		const struct device_rule *rule = &policy->rules[i];

		for (const char *type = "cb"; *type && rule->allow; type++) {
			if (rule->type != 'a' && rule->type != *type)
				continue;
			values[1 + count++] = device_pattern(arena, rule, *type);
			values[1 + count++] = access_word(arena, rule->access);
		}
	}
	values[0] = arena_printf(arena, "%zu", count / 2);
	scope_add_one(scope, "DevicePolicy", "s", "strict");
	scope_add(scope, "DeviceAllow", "a(ss)", values);
}

void scope_add_steps(struct scope *scope, const struct plan *plan)
{
	for (int stage = STEP_PREPARE; stage <= STEP_MAP; stage++)
		step_each (step, plan, stage) {
			if (step->kind == &cgroup_limit_kind)
				add_limit(
					scope,
					&container_of(step, struct cgroup_limit_step, step)->limit);
			if (step->kind == &cgroup_devices_kind)
				add_devices(scope,
					    &container_of(step, struct cgroup_devices_step, step)
						     ->policy);
		}
}
