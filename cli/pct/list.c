#include "cli/pct/pct.h"

#include "lib/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row options[] = {{}};

static void print_row(const char *id, const char *status, const char *lock, const char *name)
{
	(void)printf("%-10s %-10s %-12s %-20s\n", id, status, lock, name);
}

/* Most configs have no container below the state root: it is listed once instead of asked for each.
 */
struct present {
	const char **ids; /* sorted */
	size_t count;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_running(struct pct *pct, const struct present *present, const char *id)
{
	return bsearch(&id, present->ids, present->count, sizeof(*present->ids), by_name) &&
	       pct_running(pct, id);
}

static void print_one(struct pct *pct, const struct present *present, const char *id)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	const char *lock, *name;
	char fallback[32];

	if (etc_load(&pct->etc, id, &conf, NULL) < 0)
		return; /* destroyed meanwhile */
	lock = conf_value(&conf.main, "lock");
	name = conf_value(&conf.main, "hostname");
	(void)snprintf(fallback, sizeof(fallback), "CT%s", id);
	print_row(id, is_running(pct, present, id) ? "running" : "stopped", lock ? lock : "",
		  name ? name : fallback);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	struct present present = {};
	const char **ids;
	int r;

	r = etc_list(pct->arena, &pct->etc, &ids, err);
	if (r == 0)
		r = container_list(&pct->runtime, pct->arena, &present.ids, &present.count, err);
	if (r < 0)
		return r;
	if (*ids)
		print_row("VMID", "Status", "Lock", "Name");
	for (; *ids; ids++)
		print_one(pct, &present, *ids);
	return 0;
}

const struct pct_verb pct_list = {
	.name = "list",
	.words = "",
	.help = "list containers",
	.options = options,
	.run = run,
};
