#include "cli/pctrun/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>

static const struct option_row options[] = {
	{"resources", 'r', "FILE", "linux.resources as JSON; - is stdin; nothing else counts then"},
	{"blkio-weight", 0, "WEIGHT", "10 to 1000"},
	{"cpu-period", 0, "USEC", "length of a period: 1000 to 1000000"},
	{"cpu-quota", 0, "USEC", "time to run in a period, from 1000; -1: no limit"},
	{"cpu-burst", 0, "USEC", "time that may be saved up"},
	{"cpu-share", 0, "SHARES", "2 to 262144; 1024 is normal"},
	{"cpu-rt-period", 0, "USEC", "cgroup version 1 only"},
	{"cpu-rt-runtime", 0, "USEC", "cgroup version 1 only"},
	{"cpu-idle", 0, "0|1", "run only when nobody else wants to"},
	{"cpuset-cpus", 0, "LIST", "cpus to run on: 0-3,7"},
	{"cpuset-mems", 0, "LIST", "memory nodes to use"},
	{"memory", 0, "BYTES", "limit; k, m, g may follow; -1: none"},
	{"memory-reservation", 0, "BYTES", "what it should keep when memory is short"},
	{"memory-swap", 0, "BYTES", "limit of memory and swap together; -1: none"},
	{"kernel-memory", 0, "BYTES", "cgroup version 1 only"},
	{"kernel-memory-tcp", 0, "BYTES", "cgroup version 1 only"},
	{"pids-limit", 0, "N", "processes; -1: no limit"},
	{"l3-cache-schema", 0, "LINES", "linux.intelRdt is for good: always refused"},
	{"mem-bw-schema", 0, "LINE", "likewise"},
	{},
};

enum value { BYTES, SIGNED, UNSIGNED, TEXT };

#define MEMBER(member) offsetof(struct oci_resources, member)

/* Which member an option sets: of linux.resources. */
static const struct {
	const char *option, *member;
	enum value value;
	size_t offset;
} members[] = {
	{"blkio-weight", "blockIO.weight", UNSIGNED, MEMBER(block_io.weight)},
	{"cpu-period", "cpu.period", UNSIGNED, MEMBER(cpu.period)},
	{"cpu-quota", "cpu.quota", SIGNED, MEMBER(cpu.quota)},
	{"cpu-burst", "cpu.burst", UNSIGNED, MEMBER(cpu.burst)},
	{"cpu-share", "cpu.shares", UNSIGNED, MEMBER(cpu.shares)},
	{"cpu-rt-period", "cpu.realtimePeriod", UNSIGNED, MEMBER(cpu.realtime_period)},
	{"cpu-rt-runtime", "cpu.realtimeRuntime", SIGNED, MEMBER(cpu.realtime_runtime)},
	{"cpu-idle", "cpu.idle", SIGNED, MEMBER(cpu.idle)},
	{"cpuset-cpus", "cpu.cpus", TEXT, MEMBER(cpu.cpus)},
	{"cpuset-mems", "cpu.mems", TEXT, MEMBER(cpu.mems)},
	{"memory", "memory.limit", BYTES, MEMBER(memory.limit)},
	{"memory-reservation", "memory.reservation", BYTES, MEMBER(memory.reservation)},
	{"memory-swap", "memory.swap", BYTES, MEMBER(memory.swap)},
	{"kernel-memory", "memory.kernel", BYTES, MEMBER(memory.kernel)},
	{"kernel-memory-tcp", "memory.kernelTCP", BYTES, MEMBER(memory.kernel_tcp)},
	{"pids-limit", "pids.limit", SIGNED, MEMBER(pids_limit)},
};

/* "512m": a number and one of k, m, g, also as capitals. */
static int read_bytes(struct arena *arena, const char *text, int64_t *bytes)
{
	static const char units[] = "kmg";
	const size_t length = strlen(text);
	const char *unit = length > 1 ? strchr(units, text[length - 1] | ' ') : NULL;
	int r = parse_i64(unit ? arena_strndup(arena, text, length - 1) : text, bytes);

	for (const char *at = units; unit && at <= unit && r == 0; at++)
		if (__builtin_mul_overflow(*bytes, 1024, bytes))
			r = -ERANGE;
	return r;
}

static int set_member(struct arena *arena, const char *text, enum value value, void *at)
{
	struct opt_u64 *u64 = at;
	struct opt_i64 *i64 = at;

	switch (value) {
	case BYTES:
		i64->set = true;
		return read_bytes(arena, text, &i64->value);
	case SIGNED:
		i64->set = true;
		return parse_i64(text, &i64->value);
	case UNSIGNED:
		u64->set = true;
		return parse_u64(text, &u64->value);
	default:
		*(const char **)at = text;
		return 0;
	}
}

static int from_options(struct arena *arena, const struct options *given,
			struct oci_resources *resources, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const char *text = option_value(given, members[i].option);
		const char *name = arena_printf(arena, "--%s", members[i].option);

		if (text && set_member(arena, text, members[i].value,
				       (char *)resources + members[i].offset) < 0)
			return err_plain(err, -EINVAL, "%s: '%s' is no number", name, text);
		if (text && oci_resource_check(resources, members[i].member, name, err) < 0)
			return -EINVAL;
	}
	return given->count ? 0 : err_plain(err, -EINVAL, "update: nothing is to be changed");
}

static int from_file(struct arena *arena, const char *path, struct oci_resources *resources,
		     struct err *err)
{
	const bool from_stdin = strcmp(path, "-") == 0;
	const char *text;
	size_t length;
	int r;

	r = file_read(arena, AT_FDCWD, from_stdin ? "/proc/self/fd/0" : path, 0, &text, &length,
		      err);
	return r < 0 ? r
		     : oci_resources_read(arena, from_stdin ? "stdin" : path, text, length,
					  resources, err);
}

/* What a processor divides is given to a group of resctrl, which a container has or has not from
 * its start. */
static int check_rdt(const struct options *given, struct err *err)
{
	if (!option_value(given, "l3-cache-schema") && !option_value(given, "mem-bw-schema"))
		return 0;
	err_plain(err, -ENOTSUP, "update: container has no intelRdt that could be changed");
	err_hint(err, "linux.intelRdt in config.json holds from the start");
	return -ENOTSUP;
}

/* Who asked for what, for messages. */
static void add_origins(struct arena *arena, const struct options *given, const char *path,
			struct json *origins)
{
	if (path)
		origin_add(arena, origins, "linux.resources",
			   strcmp(path, "-") == 0 ? "stdin" : path);
	for (size_t i = 0; !path && i < ARRAY_SIZE(members); i++)
		if (option_value(given, members[i].option))
			origin_add(arena, origins,
				   arena_printf(arena, "linux.resources.%s", members[i].member),
				   arena_printf(arena, "--%s", members[i].option));
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *path = option_value(given, "resources");
	struct oci_resources resources = {};
	struct json origins = {.type = JSON_OBJECT};
	int r;

	r = path ? from_file(&arena, path, &resources, err) : check_rdt(given, err);
	if (r == 0 && !path)
		r = from_options(&arena, given, &resources, err);
	add_origins(&arena, given, path, &origins);
	return r < 0 ? r : container_update(runtime, given->words[0], &resources, &origins, err);
}

const struct verb verb_update = {
	.name = "update",
	.words = "ID",
	.help = "change the limits of a container",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.run = run,
};
