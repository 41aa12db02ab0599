#include "cli/pct.h"

#include "lib/err.h"

#include <stdio.h>

static const struct option_row options[] = {{}};

static void print_row(const char *id, const char *status, const char *lock, const char *name)
{
	(void)printf("%-10s %-10s %-12s %-20s\n", id, status, lock, name);
}

static void print_one(struct pct *pct, const char *id)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	const char *lock, *name;
	char fallback[32];

	if (etc_load(&pct->etc, id, &conf, NULL) < 0)
		return; /* destroyed meanwhile */
	lock = conf_value(&conf.main, "lock");
	name = conf_value(&conf.main, "hostname");
	(void)snprintf(fallback, sizeof(fallback), "CT%s", id);
	print_row(id, pct_running(pct, id) ? "running" : "stopped", lock ? lock : "",
		  name ? name : fallback);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char **ids;
	int r;

	r = etc_list(pct->arena, &pct->etc, &ids, err);
	if (r < 0)
		return r;
	if (*ids)
		print_row("VMID", "Status", "Lock", "Name");
	for (; *ids; ids++)
		print_one(pct, *ids);
	return 0;
}

const struct pct_verb pct_list = {
	.name = "list",
	.words = "",
	.help = "list containers",
	.options = options,
	.run = run,
};
