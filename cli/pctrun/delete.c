#include "cli/pctrun/pctrun.h"

#include "lib/err.h"

static const struct option_row options[] = {
	{"force", 'f', NULL, "kill a running container first; an unknown one is fine"},
	{},
};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	return container_delete(runtime, given->words[0], option_flag(given, "force"), err);
}

const struct verb verb_delete = {
	.name = "delete",
	.words = "ID",
	.help = "remove a stopped container and all that was made for it",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
