#include "cli/pctrun/pctrun.h"

#include "lib/err.h"
#include "lib/signals.h"

#include <string.h>

static const struct option_row options[] = {
	{"all", 'a', NULL, "send it to every process of the container"},
	{},
};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *word = given->word_count > 1 ? given->words[1] : "TERM";
	int number = strcmp(word, "0") == 0 ? 0 : signal_read(word); /* 0 only asks: kill(2) */

	if (number < 0)
		return err_plain(err, -EINVAL, "kill: '%s' is no signal", word);
	return container_kill(runtime, given->words[0], number, option_flag(given, "all"), err);
}

const struct verb verb_kill = {
	.name = "kill",
	.words = "ID [SIGNAL]",
	.help = "send a signal (default: SIGTERM) to a container's first process",
	.options = options,
	.words_min = 1,
	.words_max = 2,
	.run = run,
};
