#include "cli/pctrun/pctrun.h"

#include "runtime/features.h"

#include <stdio.h>

static const struct option_row options[] = {{}};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_free char *text = features_text();

	(void)fputs(text, stdout);
	return 0;
}

const struct verb verb_features = {
	.name = "features",
	.words = "",
	.help = "print what this program knows, as JSON",
	.options = options,
	.run = run,
};
