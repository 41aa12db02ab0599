#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "pve/snapshot/snapshot.h"

static const struct option_row options[] = {
	{"force", 0, NULL, "also where a volume's part can't be deleted"},
	{},
};

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	const struct snapshot_request request = {
		.etc = &pct->etc,
		.name = given->words[1],
		.force = option_flag(given, "force"),
		.warn = pct_warn,
	};
	int r = power_begin(&power, pct, given->words[0], err);

	return r < 0 ? r : snapshot_delete(&power.conf, &request, err);
}

const struct pct_verb pct_delsnapshot = {
	.name = "delsnapshot",
	.words = "<vmid> <snapname>",
	.help = "delete a snapshot",
	.options = options,
	.words_min = 2,
	.words_max = 2,
	.run = run,
};
