#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/property.h"
#include "runtime/ending.h"
#include "runtime/usage.h"

#include <stdio.h>
#include <string.h>

enum { ROWS_MAX = 64, MEMORY_DEFAULT_MIB = 512 };

#define DISK_DEFAULT 4294967296 /* where nothing says how large the root is */

static const struct option_row options[] = {
	{"verbose", 0, NULL, "say all that is known of it"},
	{},
};

/* Rows are sorted by key at the end; one without a value is not shown. */
struct rows {
	struct arena *arena;
	size_t count;
	struct row {
		const char *key;
		const char *value;
	} rows[ROWS_MAX];
};

static void add(struct rows *rows, const char *key, const char *value)
{
	if (value && rows->count < ROWS_MAX)
		rows->rows[rows->count++] = (struct row){key, value};
}

static void add_number(struct rows *rows, const char *key, uint64_t number)
{
	add(rows, key, arena_printf(rows->arena, "%lu", (unsigned long)number));
}

static void add_known(struct rows *rows, const char *key, const struct opt_u64 *number)
{
	if (number->set)
		add_number(rows, key, number->value);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->key, ((const struct row *)b)->key);
}

static void add_mib(struct rows *rows, const char *key, const struct pve_conf *conf,
		    const char *option, uint64_t otherwise)
{
	const char *value = conf_value(&conf->main, option);
	unsigned long mib;

	if (!value || parse_u64(value, &mib) < 0)
		mib = otherwise;
	add_number(rows, key, mib << 20);
}

static const char *cpus(struct arena *arena, const struct pve_conf *conf)
{
	const char *cores = conf_value(&conf->main, "cores");
	const char *limit = conf_value(&conf->main, "cpulimit");

	if (cores)
		return cores;
	if (limit && strtod(limit, NULL) > 0)
		return limit;
	return arena_printf(arena, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
}

static const char *name_of(struct arena *arena, const struct pve_conf *conf)
{
	const char *hostname = conf_value(&conf->main, "hostname");

	return hostname ? hostname : arena_printf(arena, "CT%s", conf->id);
}

static void add_config(struct rows *rows, const struct pve_conf *conf)
{
	const char *template = conf_value(&conf->main, "template");

	add(rows, "cpus", cpus(rows->arena, conf));
	add(rows, "lock", conf_value(&conf->main, "lock"));
	add(rows, "name", name_of(rows->arena, conf));
	add(rows, "tags", conf_value(&conf->main, "tags"));
	add(rows, "template", template && strcmp(template, "1") == 0 ? "1" : NULL);
	add(rows, "type", "lxc");
	add(rows, "vmid", conf->id);
	add_mib(rows, "maxmem", conf, "memory", MEMORY_DEFAULT_MIB);
	add_mib(rows, "maxswap", conf, "swap", 0);
}

static const char *oom_text(struct arena *arena, const struct opt_u64 *kills, const char *time,
			    const char *origin)
{
	if (!kills->set || kills->value == 0)
		return NULL;
	return arena_printf(arena, "%lu%s%s%s", kills->value, time ? ", last at " : "",
			    time ? time : "",
			    origin ? arena_printf(arena, " (from %s)", origin) : "");
}

static void add_running(struct rows *rows, const struct usage *usage, const struct ending *note)
{
	add_known(rows, "disk", &usage->disk_bytes);
	add_known(rows, "maxdisk", &usage->disk_max_bytes);
	add_known(rows, "diskread", &usage->read_bytes);
	add_known(rows, "diskwrite", &usage->write_bytes);
	add_known(rows, "mem", &usage->memory_bytes);
	add_known(rows, "swap", &usage->swap_bytes);
	add_known(rows, "netin", &usage->in_bytes);
	add_known(rows, "netout", &usage->out_bytes);
	add_number(rows, "pid", (uint64_t)usage->pid);
	add_number(rows, "uptime", usage->uptime_seconds);
	add(rows, "conflict", note->conflict);
	add(rows, "pressurecpusome", usage->cpu.some);
	add(rows, "pressurecpufull", usage->cpu.full);
	add(rows, "pressureiosome", usage->io.some);
	add(rows, "pressureiofull", usage->io.full);
	add(rows, "pressurememorysome", usage->memory.some);
	add(rows, "pressurememoryfull", usage->memory.full);
	add(rows, "oomkills",
	    oom_text(rows->arena, &usage->oom_kills, note->oom_time, usage->memory_origin));
}

static uint64_t root_size(struct arena *arena, const struct pve_conf *conf)
{
	const struct pve_entry *entry = conf_find(&conf->main, "rootfs");
	struct pve_mount rootfs = {};

	if (entry &&
	    property_read(arena, pve_rootfs_properties, entry->value, &rootfs, NULL) == 0 &&
	    rootfs.size.set && rootfs.size.value > 0)
		return rootfs.size.value;
	return DISK_DEFAULT;
}

static void add_stopped(struct rows *rows, const struct pve_conf *conf, const struct ending *note)
{
	static const char *const zeros[] = {"disk",  "diskread", "diskwrite", "mem",
					    "netin", "netout",   "swap",      "uptime"};

	for (size_t i = 0; i < ARRAY_SIZE(zeros); i++)
		add(rows, zeros[i], "0");
	add_number(rows, "maxdisk", root_size(rows->arena, conf));
	add(rows, "failed", note->failed);
	if (note->time)
		add(rows, "ended",
		    arena_printf(rows->arena, "%s, %s", note->time,
				 ending_text(rows->arena, note)));
	add(rows, "oomkills",
	    oom_text(rows->arena, &note->oom_kills, note->oom_time, note->memory_origin));
}

static void print_all(struct pct *pct, const struct pve_conf *conf, bool running)
{
	struct rows rows = {.arena = pct->arena};
	struct ending note = {};
	struct usage usage;

	(void)ending_read(pct->arena, &pct->runtime, conf->id, &note, NULL);
	if (running)
		running = container_usage(&pct->runtime, pct->arena, conf->id, &usage, NULL) == 0;
	add(&rows, "status", running ? "running" : "stopped");
	add_config(&rows, conf);
	if (running)
		add_running(&rows, &usage, &note);
	else
		add_stopped(&rows, conf, &note);
	qsort(rows.rows, rows.count, sizeof(*rows.rows), by_key);
	for (size_t i = 0; i < rows.count; i++)
		(void)printf("%s: %s\n", rows.rows[i].key, rows.rows[i].value);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	const char *id = given->words[0];
	bool running;
	int r;

	r = etc_load(&pct->etc, id, &conf, err);
	if (r < 0)
		return r;
	running = pct_running(pct, id);
	if (option_flag(given, "verbose"))
		print_all(pct, &conf, running);
	else
		(void)printf("status: %s\n", running ? "running" : "stopped");
	return 0;
}

const struct pct_verb pct_status = {
	.name = "status",
	.words = "<vmid>",
	.help = "say whether a container runs",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
