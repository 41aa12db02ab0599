#include "cli/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"format", 'f', "FORMAT", "table (default) or json"},
	{},
};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *format = option_value(given, "format");
	bool json = format && strcmp(format, "json") == 0;
	size_t count;
	pid_t *pids;
	int r;

	r = container_pids(runtime, &arena, given->words[0], &pids, &count, err);
	if (r < 0)
		return r;
	(void)fputs(json ? "[" : "PID\n", stdout);
	for (size_t i = 0; i < count; i++)
		(void)printf("%s%d%s", json && i ? "," : "", (int)pids[i], json ? "" : "\n");
	if (json)
		(void)puts("]");
	return 0;
}

const struct verb verb_ps = {
	.name = "ps",
	.words = "ID",
	.help = "list the processes of a container, by the host's pids",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
