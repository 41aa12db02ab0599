#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"
#include "pve/conf/value.h"
#include "pve/storage/storage.h"
#include "pve/verbs/rescan.h"

#include <stdio.h>

static const struct option_row options[] = {
	{"vmid", 0, "ID", "only this container; else all of them"},
	{"dryrun", 0, NULL, "only say what would change"},
	{},
};

static void say(void *data, const char *line)
{
	(void)printf("%s\n", line);
}

static int rescan(struct pct *pct, const struct storages *storages, const char *id, bool dry,
		  struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	bool changed = false;
	int r = power_begin(&power, pct, id, err);

	if (r == 0)
		r = conf_check_lock(&power.conf, NULL, err);
	if (r == 0)
		r = rescan_conf(&power.conf, storages, say, NULL, &changed, err);
	return r < 0 || dry || !changed ? r : etc_save(&pct->etc, &power.conf, err);
}

static int choose(struct pct *pct, const char *id, const char ***ids, struct err *err)
{
	if (!id)
		return etc_list(pct->arena, &pct->etc, ids, err);
	if (!value_is_id(id))
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. vmid: type check ('integer') "
				 "failed - got '%s'",
				 id);
	*ids = arena_array(pct->arena, 2, sizeof(**ids));
	(*ids)[0] = id;
	return 0;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const bool dry = option_flag(given, "dryrun");
	struct storages storages;
	const char **ids = NULL;
	int r = choose(pct, option_value(given, "vmid"), &ids, err);

	if (r == 0)
		r = storage_read(pct->arena, &pct->etc, &storages, err);
	if (r < 0)
		return r;
	if (dry)
		say(NULL, "NOTE: running in dry-run mode, won't write changes out!");
	say(NULL, "rescan volumes...");
	for (; r == 0 && *ids; ids++)
		r = rescan(pct, &storages, *ids, dry, err);
	return r;
}

const struct pct_verb pct_rescan = {
	.name = "rescan",
	.words = "",
	.help = "find volumes that no config names, and sizes that have changed",
	.options = options,
	.run = run,
};
