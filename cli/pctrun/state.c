#include "cli/pctrun/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "oci/state.h"

#include <stdio.h>

static const struct option_row options[] = {{}};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_free char *text = NULL;
	struct oci_state state;
	int r;

	r = container_state(runtime, &arena, given->words[0], &state, err);
	if (r < 0)
		return r;
	text = oci_state_write(&state, true);
	(void)fputs(text, stdout);
	return 0;
}

const struct verb verb_state = {
	.name = "state",
	.words = "ID",
	.help = "print what is known of a container, as JSON",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
