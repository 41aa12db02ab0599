#include "cli/pctrun/pctrun.h"

#include "lib/err.h"

static const struct option_row options[] = {{}};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	return container_resume(runtime, given->words[0], err);
}

const struct verb verb_resume = {
	.name = "resume",
	.words = "ID",
	.help = "let a paused container go on",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
