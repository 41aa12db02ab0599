#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/bitlist.h"
#include "lib/err.h"
#include "lib/proc_status.h"
#include "lib/text.h"
#include "oci/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row options[] = {{}};

enum { CPUS_MAX = 8192, WORD_BITS = 8 * sizeof(unsigned long) };

/* struct row - a running container and the CPUs that it may use */
struct row {
	const char *id;
	unsigned long cpus[CPUS_MAX / WORD_BITS];
};

struct table {
	struct row *rows;
	size_t count;
	unsigned int last; /* the highest CPU of all */
	size_t id_width;
};

static bool has_cpu(const struct row *row, unsigned int cpu)
{
	return row->cpus[cpu / WORD_BITS] >> cpu % WORD_BITS & 1;
}

/* As its first process sees it: the cgroup's set, and what holds above. */
static bool read_row(struct pct *pct, const char *id, struct row *row)
{
	const char *status, *list;
	struct oci_state state;

	if (!pct_running(pct, id) ||
	    container_state(&pct->runtime, pct->arena, id, &state, NULL) < 0 ||
	    proc_status_read(pct->arena, state.pid, &status) < 0)
		return false;
	list = proc_status(pct->arena, status, "Cpus_allowed_list");
	row->id = id;
	return list && bitlist_read(list, row->cpus, CPUS_MAX) == 0;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->id, ((const struct row *)b)->id);
}

static void measure(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		size_t length = strlen(table->rows[i].id);

		table->id_width = length > table->id_width ? length : table->id_width;
		for (unsigned int cpu = 0; cpu < CPUS_MAX; cpu++)
			if (has_cpu(&table->rows[i], cpu) && cpu > table->last)
				table->last = cpu;
	}
}

static void print_dashes(const struct table *table)
{
	size_t width = table->id_width + 2;

	for (unsigned int cpu = 0; cpu <= table->last; cpu++)
		width += 1 + (size_t)snprintf(NULL, 0, "%u", cpu);
	for (size_t i = 0; i < width; i++)
		(void)putchar('-');
	(void)putchar('\n');
}

static void print_row(const struct table *table, const struct row *row)
{
	(void)printf("%*s: ", (int)table->id_width, row->id);
	for (unsigned int cpu = 0; cpu <= table->last; cpu++) {
		int width = snprintf(NULL, 0, "%u", cpu);

		if (has_cpu(row, cpu))
			(void)printf(" %u", cpu);
		else
			(void)printf(" %*s", width, "");
	}
	(void)putchar('\n');
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	struct table table = {};
	const char **ids;
	size_t most = 0;
	int r = etc_list(pct->arena, &pct->etc, &ids, err);

	if (r < 0)
		return r;
	while (ids[most])
		most++;
	table.rows = arena_array(pct->arena, most + 1, sizeof(*table.rows));
	for (; *ids; ids++)
		table.count += read_row(pct, *ids, &table.rows[table.count]);
	if (table.count == 0) {
		(void)printf("no running containers\n");
		return 0;
	}
	qsort(table.rows, table.count, sizeof(*table.rows), by_id);
	measure(&table);
	print_dashes(&table);
	for (size_t i = 0; i < table.count; i++)
		print_row(&table, &table.rows[i]);
	print_dashes(&table);
	return 0;
}

const struct pct_verb pct_cpusets = {
	.name = "cpusets",
	.words = "",
	.help = "print which CPUs each running container may use",
	.options = options,
	.run = run,
};
