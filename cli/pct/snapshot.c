#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"
#include "lib/sys.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/snapshot/snapshot.h"

#include <fcntl.h>
#include <time.h>

static const struct option_row options[] = {
	{"description", 0, "TEXT", "what it is good for"},
	{},
};

/* What the container has written is on its volumes, and nothing more comes. */
static int sync_volumes(struct power *power, struct err *err)
{
	cleanup_close int root_fd = container_root(&power->pct->runtime, power->id, err);
	const char **keys = conf_mount_keys(&power->conf, &power->conf.main);
	struct pve_mount mount;

	if (root_fd < 0)
		return root_fd;
	for (; *keys; keys++) {
		cleanup_close int fd = -EBADF;
		int r = conf_mount_read(&power->conf, &power->conf.main, *keys, &mount, err);

		if (r < 0)
			return r;
		fd = sys_open_in_root(root_fd, mount.mp ? mount.mp : "/", O_RDONLY | O_DIRECTORY,
				      0);
		if (fd < 0 || syncfs(fd) < 0)
			return err_set(err, fd < 0 ? fd : -errno, "%s: sync", *keys);
	}
	return 0;
}

static int freeze(void *data, struct err *err)
{
	struct power *power = data;
	int r = container_pause(&power->pct->runtime, power->id, err);

	return r < 0 ? r : sync_volumes(power, err);
}

static int thaw(void *data, struct err *err)
{
	struct power *power = data;
	struct err own = {};
	char line[1600];
	int r = container_resume(&power->pct->runtime, power->id, &own);

	if (r < 0)
		pct_warn(NULL, err_text(&own, line, sizeof(line)));
	return r;
}

/* One that was suspended stays so. */
static bool has_to_freeze(const struct power *power)
{
	return pct_running(power->pct, power->id) && !pct_paused(power->pct, power->id);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	struct snapshot_request request = {
		.etc = &pct->etc,
		.name = given->words[1],
		.description = option_value(given, "description"),
		.now = time(NULL),
		.data = &power,
		.warn = pct_warn,
	};
	int r = power_begin(&power, pct, given->words[0], err);

	if (r < 0)
		return r;
	if (has_to_freeze(&power)) {
		request.freeze = freeze;
		request.thaw = thaw;
	}
	return snapshot_create(&power.conf, &request, err);
}

const struct pct_verb pct_snapshot = {
	.name = "snapshot",
	.words = "<vmid> <snapname>",
	.help = "note a container's config and volumes as they are; one that runs is frozen for "
		"the moment",
	.options = options,
	.words_min = 2,
	.words_max = 2,
	.run = run,
};
