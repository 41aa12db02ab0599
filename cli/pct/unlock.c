#include "cli/pct/pct.h"

#include "lib/err.h"

static const struct option_row options[] = {{}};

static int unlock(struct pct *pct, const char *id, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	int r = pct_load(pct, id, &conf, err);

	if (r < 0)
		return r;
	if (!conf_delete(&conf.main, "lock"))
		return err_plain(err, -EINVAL, "no lock found trying to remove any lock");
	return etc_save(&pct->etc, &conf, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	const char *id = given->words[0];
	int r = etc_lock(&pct->etc, id, LOCK_SECONDS, NULL, &lock, err);

	return r < 0 ? r : unlock(pct, id, err);
}

const struct pct_verb pct_unlock = {
	.name = "unlock",
	.words = "<vmid>",
	.help = "remove the lock that a command left in a config",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
