#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/process.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "pve/volumes/volumes.h"

#include <stdio.h>

static const struct option_row options[] = {
	{"ignore-mountpoints", 0, NULL, "only the root"},
	{},
};

struct trimming {
	struct volumes volumes;
	bool root_only;
};

static bool is_trimmed(const struct trimming *trimming, const struct new_volume *volume)
{
	if (trimming->root_only && volume->mount.mp)
		return false;
	return pve_mount_kind(volume->mount.volume) != PVE_MOUNT_BIND &&
	       !opt_bool_or(volume->mount.ro, false);
}

/* A file system that has nothing to give back is no failure of the others. */
static void trim(const struct trimming *trimming, const struct new_volume *volume)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text output = {};
	const char *mp = volume->mount.mp ? volume->mount.mp : "/";
	const char *path =
		arena_printf(&arena, "%s%s%s", trimming->volumes.place, *mp == '/' ? "" : "/", mp);
	const char *const argv[] = {"fstrim", "-v", path, NULL};
	struct err err = {};
	char line[1600];

	if (process_run(argv, &output, &err) < 0)
		pct_warn(NULL, err_text(&err, line, sizeof(line)));
	else
		(void)printf("%s", text_str(&output));
}

static int trim_all(void *data, struct err *err)
{
	const struct trimming *trimming = data;
	cleanup_close int root_fd = -EBADF;
	int r = worker_hide_mounts(err);

	if (r < 0)
		return r;
	root_fd = volumes_mount(&trimming->volumes, err);
	if (root_fd < 0)
		return root_fd;
	for (const struct new_volume *at = trimming->volumes.first; at; at = at->next)
		if (is_trimmed(trimming, at))
			trim(trimming, at);
	(void)fflush(stdout); /* before this child ends */
	return 0;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	struct trimming trimming = {.root_only = option_flag(given, "ignore-mountpoints")};
	cleanup_(power_end) struct power power = POWER_NONE;
	int r = power_begin(&power, pct, given->words[0], err);

	if (r == 0)
		r = conf_check_lock(&power.conf, NULL, err);
	if (r == 0)
		r = volumes_read(&pct->etc, &power.conf, &trimming.volumes, err);
	return r < 0 ? r : worker_run(trim_all, &trimming, err);
}

const struct pct_verb pct_fstrim = {
	.name = "fstrim",
	.words = "<vmid>",
	.help = "give unused blocks of a container's volumes back to their storages",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
