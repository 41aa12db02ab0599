#include "cli/pct.h"

#include "lib/err.h"

#include <stdio.h>

static const struct option_row options[] = {{}};

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	int r;

	r = etc_load(&pct->etc, given->words[0], &conf, err);
	if (r < 0)
		return r;
	(void)printf("status: %s\n", pct_running(pct, given->words[0]) ? "running" : "stopped");
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
