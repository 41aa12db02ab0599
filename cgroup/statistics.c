#include "cgroup/statistics.h"
#include "cgroup/values.h"
#include "lib/json.h"
#include "lib/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { NSEC_PER_USEC = 1000 };

struct statistics {
	int cgroup_fd;
	struct arena arena;
	struct json_out *out;
};

/** struct counter - a member of the output, and the name in a "name value" file that it has */
struct counter {
	const char *member, *name;
	unsigned long factor;
};

static const struct counter usage_counters[] = {
	{"total", "usage_usec", NSEC_PER_USEC},
	{"kernel", "system_usec", NSEC_PER_USEC},
	{"user", "user_usec", NSEC_PER_USEC},
	{},
};

static const struct counter throttling_counters[] = {
	{"periods", "nr_periods", 1},
	{"throttledPeriods", "nr_throttled", 1},
	{"throttledTime", "throttled_usec", NSEC_PER_USEC},
	{},
};

static const char *read_file(struct statistics *s, const char *file)
{
	return cgroup_text(&s->arena, s->cgroup_fd, file);
}

static void put_if_set(struct json_out *out, const char *member, struct opt_u64 value)
{
	if (value.set)
		json_out_u64(out, member, value.value);
}

static void put_counters(struct statistics *s, const char *object, const char *text,
			 const struct counter *counters)
{
	json_out_object(s->out, object);
	for (const struct counter *c = counters; c->member; c++) {
		struct opt_u64 value = cgroup_named(text, c->name);

		value.value *= c->factor;
		put_if_set(s->out, c->member, value);
	}
	json_out_end(s->out);
}

/* ------------------------------------------------------------------ pressure */

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0", a line each for some and full. */
static void put_pressure_line(struct statistics *s, const char *line)
{
	const char *word;
	size_t length;

	word = next_word(&line, &length);
	json_out_object(s->out, arena_strndup(&s->arena, word, length));
	while ((word = next_word(&line, &length))) {
		char *name = arena_strndup(&s->arena, word, length), *value = name;
		struct json number = {.type = JSON_NUMBER};

		(void)strsep(&value, "=");
		number.text = value ? value : "0";
		number.length = strlen(number.text);
		json_out_value(s->out, name, &number);
	}
	json_out_end(s->out);
}

static void put_pressure(struct statistics *s, const char *file)
{
	char *rest = arena_strdup(&s->arena, read_file(s, file)), *line;

	if (!*rest)
		return; /* CONFIG_PSI is not set */
	json_out_object(s->out, "psi");
	while ((line = strsep(&rest, "\n")))
		if (*line)
			put_pressure_line(s, line);
	json_out_end(s->out);
}

/* ------------------------------------------------------------------ processors */

static void put_cpu(struct statistics *s)
{
	const char *text = read_file(s, "cpu.stat");

	json_out_object(s->out, "cpu");
	put_counters(s, "usage", text, usage_counters);
	put_counters(s, "throttling", text, throttling_counters);
	put_pressure(s, "cpu.pressure");
	json_out_end(s->out);
}

/* "0-3,7\n" as [0,1,2,3,7] */
static void put_list(struct statistics *s, const char *member, const char *file)
{
	const char *at = read_file(s, file);

	if (!*at)
		return;
	json_out_array(s->out, member);
	while (*at >= '0' && *at <= '9') {
		char *end;
		unsigned long first = strtoul(at, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last; first++)
			json_out_u64(s->out, NULL, first);
		at = end + (*end == ',');
	}
	json_out_end(s->out);
}

static void put_cpuset(struct statistics *s)
{
	json_out_object(s->out, "cpuset");
	put_list(s, "cpus", "cpuset.cpus.effective");
	put_list(s, "mems", "cpuset.mems.effective");
	json_out_end(s->out);
}

/* ------------------------------------------------------------------ memory */

struct memory {
	struct opt_u64 usage, limit, peak, failures;
};

static struct opt_u64 sum(struct opt_u64 a, struct opt_u64 b)
{
	return (struct opt_u64){a.set && b.set, a.value + b.value};
}

static void put_memory_usage(struct statistics *s, const char *member, const struct memory *memory)
{
	json_out_object(s->out, member);
	if (memory->usage.set) {
		json_out_u64(s->out, "limit", memory->limit.set ? memory->limit.value : UINT64_MAX);
		json_out_u64(s->out, "usage", memory->usage.value);
		json_out_u64(s->out, "failcnt", memory->failures.value);
	}
	put_if_set(s->out, "max", memory->peak);
	json_out_end(s->out);
}

/* The kernel's share has neither a limit nor a peak of its own in version 2. */
static void put_kernel_memory(struct statistics *s, const char *member, struct opt_u64 usage)
{
	json_out_object(s->out, member);
	put_if_set(s->out, "usage", usage);
	json_out_end(s->out);
}

static void put_raw(struct statistics *s, const char *text)
{
	char *rest = arena_strdup(&s->arena, text), *line;

	json_out_object(s->out, "raw");
	while ((line = strsep(&rest, "\n"))) {
		char *value = line, *name = strsep(&value, " ");

		if (value)
			json_out_u64(s->out, name, strtoul(value, NULL, 10));
	}
	json_out_end(s->out);
}

static void put_memory(struct statistics *s)
{
	const char *stat = read_file(s, "memory.stat");
	const struct memory memory = {
		.usage = cgroup_number(s->cgroup_fd, "memory.current"),
		.limit = cgroup_number(s->cgroup_fd, "memory.max"),
		.peak = cgroup_number(s->cgroup_fd, "memory.peak"), /* Linux 5.19 */
		.failures = cgroup_named(read_file(s, "memory.events"), "max"),
	};
	const struct memory with_swap = {
		.usage = sum(memory.usage, cgroup_number(s->cgroup_fd, "memory.swap.current")),
		.limit = sum(memory.limit, cgroup_number(s->cgroup_fd, "memory.swap.max")),
		.failures = cgroup_named(read_file(s, "memory.swap.events"), "max"),
	};

	json_out_object(s->out, "memory");
	put_if_set(s->out, "cache", cgroup_named(stat, "file"));
	put_memory_usage(s, "usage", &memory);
	put_memory_usage(s, "swap", &with_swap);
	put_kernel_memory(s, "kernel", cgroup_named(stat, "kernel")); /* Linux 5.18 */
	put_kernel_memory(s, "kernelTCP", cgroup_named(stat, "sock"));
	put_raw(s, stat);
	put_pressure(s, "memory.pressure");
	json_out_end(s->out);
}

/* ------------------------------------------------------------------ processes, devices, pages */

static void put_pids(struct statistics *s)
{
	struct opt_u64 current = cgroup_number(s->cgroup_fd, "pids.current");

	json_out_object(s->out, "pids");
	put_if_set(s->out, "current", current);
	if (current.set)
		json_out_u64(s->out, "limit", cgroup_number(s->cgroup_fd, "pids.max").value);
	json_out_end(s->out);
}

/** struct operation - a word of io.stat's lines, and what version 1 calls it */
struct operation {
	const char *word, *op;
};

static const struct operation bytes[] = {
	{"rbytes=", "Read"}, {"wbytes=", "Write"}, {"dbytes=", "Discard"}, {}};
static const struct operation requests[] = {
	{"rios=", "Read"}, {"wios=", "Write"}, {"dios=", "Discard"}, {}};

static void put_operation(struct json_out *out, const char *line, const struct operation *operation)
{
	const char *value = strstr(line, operation->word);
	char *end;

	if (!value)
		return;
	json_out_object(out, NULL);
	json_out_u64(out, "major", strtoul(line, &end, 10));
	json_out_u64(out, "minor", *end == ':' ? strtoul(end + 1, NULL, 10) : 0);
	json_out_string(out, "op", operation->op);
	json_out_u64(out, "value", strtoul(value + strlen(operation->word), NULL, 10));
	json_out_end(out);
}

/* "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0", a line for each device */
static void put_operations(struct statistics *s, const char *member, const char *text,
			   const struct operation *operations)
{
	char *rest = arena_strdup(&s->arena, text), *line;

	json_out_array(s->out, member);
	while ((line = strsep(&rest, "\n")))
		for (const struct operation *o = operations; o->word; o++)
			put_operation(s->out, line, o);
	json_out_end(s->out);
}

static void put_block_io(struct statistics *s)
{
	const char *text = read_file(s, "io.stat");

	json_out_object(s->out, "blkio");
	if (*text) {
		put_operations(s, "ioServiceBytesRecursive", text, bytes);
		put_operations(s, "ioServicedRecursive", text, requests);
	}
	put_pressure(s, "io.pressure");
	json_out_end(s->out);
}

/* @size: "2MB" */
static void put_page_size(struct statistics *s, const char *size)
{
	const char *prefix = arena_printf(&s->arena, "hugetlb.%s", size);
	const char *current = arena_printf(&s->arena, "%s.current", prefix);
	struct opt_u64 max = cgroup_number(s->cgroup_fd, arena_printf(&s->arena, "%s.max", prefix));
	const char *events = read_file(s, arena_printf(&s->arena, "%s.events", prefix));

	json_out_object(s->out, size);
	json_out_u64(s->out, "usage", cgroup_number(s->cgroup_fd, current).value);
	json_out_u64(s->out, "max", max.set ? max.value : UINT64_MAX);
	json_out_u64(s->out, "failcnt", cgroup_named(events, "max").value);
	json_out_end(s->out);
}

/* Which sizes there are is the processor's: the names of the files say it. */
static void put_huge_pages(struct statistics *s)
{
	int fd = openat(s->cgroup_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool any = false;
	char size[16];

	if (!dir) {
		(void)close_fd(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		if (!ends_with(entry->d_name, "B.current") ||
		    sscanf(entry->d_name, "hugetlb.%15[0-9KMGB].current", size) != 1)
			continue;
		if (!any)
			json_out_object(s->out, "hugetlb");
		any = true;
		put_page_size(s, size);
	}
	if (any)
		json_out_end(s->out);
	(void)closedir(dir);
}

void cgroup_statistics_write(int cgroup_fd, struct json_out *out)
{
	struct statistics s = {.cgroup_fd = cgroup_fd, .out = out};

	put_cpu(&s);
	put_cpuset(&s);
	put_memory(&s);
	put_pids(&s);
	put_block_io(&s);
	put_huge_pages(&s);
	arena_free(&s.arena);
}
