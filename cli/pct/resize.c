#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"
#include "pve/conf/mount.h"
#include "pve/verbs/resize.h"

static const struct option_row options[] = {
	{"digest", 0, "SHA1", "only if the config file still has this digest"},
	{},
};

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	const struct resize_request request = {
		.etc = &pct->etc,
		.key = given->words[1],
		.size = given->words[2],
		.digest = option_value(given, "digest"),
		.warn = pct_warn,
	};
	int r;

	if (!conf_is_mount(request.key))
		return err_plain(
			err, -EINVAL,
			"400 Parameter verification failed. disk: value '%s' does not have "
			"a value in the enumeration 'rootfs, mp0 ... mp255'",
			request.key);
	r = power_begin(&power, pct, given->words[0], err);
	return r < 0 ? r : resize_volume(&power.conf, &request, err);
}

const struct pct_verb pct_resize = {
	.name = "resize",
	.words = "<vmid> <disk> <size>",
	.help = "give rootfs or mpN more room, also while the container runs: 12G, or +4G",
	.options = options,
	.words_min = 3,
	.words_max = 3,
	.run = run,
};
