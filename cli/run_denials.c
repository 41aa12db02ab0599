#include "cli/pctrun.h"

#include "debug/denials.h"

#include <stdio.h>

static const struct option_row options[] = {
	{"follow", 'f', NULL, "go on until the container ends"},
	{},
};

/* Whoever follows wants it now. */
static void print_denial(void *data, const struct denial *denial)
{
	(void)printf("%-8s %s%s%s", denial->layer, denial->what, *denial->process ? ", by " : "",
		     denial->process);
	if (denial->count > 1)
		(void)printf(", %lu times", denial->count);
	(void)printf("%s\n", denial->likely ? " (likely: the process is gone)" : "");
	if (*denial->rule)
		(void)printf("         %s\n", denial->rule);
	(void)fflush(stdout);
}

static void print_blind(void *data, const char *line)
{
	(void)printf("unseen   %s\n", line);
	(void)fflush(stdout);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const struct denials_sink sink = {.denied = print_denial, .blind = print_blind};

	return denials_watch(runtime, given->words[0], option_flag(given, "follow"), &sink, err);
}

const struct verb verb_denials = {
	.name = "denials",
	.words = "ID",
	.help = "what the kernel has denied to a container, and by which rule",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.run = run,
};
