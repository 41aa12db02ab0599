#include "cli/pctrun.h"

#include "lib/err.h"
#include "lib/step.h"
#include "lib/text.h"

#include <stdio.h>

static const struct option_row options[] = {{}};

static void print_step(void *data, const struct step *step, const struct observation *seen)
{
	static const char *const words[] = {[OBSERVED_HOLDS] = "holds",
					    [OBSERVED_DIFFERS] = "DIFFERS",
					    [OBSERVED_UNSEEN] = "unseen"};
	cleanup_(text_free) struct text text = {};
	bool *differs = data;

	if (step->kind->describe)
		step->kind->describe(step, &text);
	(void)printf("%-8s %-16s %s: %s (from %s)\n", words[seen->observed], step->kind->name,
		     text_str(&text), seen->text, step->origin);
	*differs |= seen->observed == OBSERVED_DIFFERS;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	bool differs = false;
	int r;

	r = container_audit(runtime, given->words[0], print_step, &differs, err);
	return r < 0 ? r : differs;
}

const struct verb verb_audit = {
	.name = "audit",
	.words = "ID",
	.help = "compare a running container with the kernel, step by step",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.run = run,
};
