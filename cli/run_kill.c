#include "cli/pctrun.h"

#include "lib/err.h"
#include "lib/signals.h"

#include <signal.h>

static const struct option_row options[] = {
	{"all", 'a', NULL, "send it to every process of the container"},
	{},
};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	int number = SIGTERM;

	if (given->word_count > 1)
		number = signal_read(given->words[1]);
	if (number < 0)
		return err_plain(err, -EINVAL, "kill: '%s' is no signal", given->words[1]);
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
