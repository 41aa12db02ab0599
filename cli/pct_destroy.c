#include "cli/pct.h"

#include "lib/err.h"
#include "pve/destroy.h"

static const struct option_row options[] = {{}};

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char *id = given->words[0];

	if (pct_running(pct, id))
		return err_plain(err, -EBUSY, "unable to destroy CT %s - container is running", id);
	return destroy_container(&pct->etc, id, err);
}

const struct pct_verb pct_destroy = {
	.name = "destroy",
	.words = "<vmid>",
	.help = "remove a container and its volumes",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
