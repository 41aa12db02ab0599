#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"
#include "pve/volumes/volumes.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {{}};

/* The config says so before there is a mount, and after there is none: whatever ends us in
 * between, `pct unmount` cleans up. */
static int mount_it(struct power *power, struct err *err)
{
	struct volumes volumes;
	int r = volumes_read(&power->pct->etc, &power->conf, &volumes, err);
	int root_fd;

	if (r < 0)
		return r;
	conf_set(&power->conf, &power->conf.main, "lock", "mounted");
	r = etc_save(&power->pct->etc, &power->conf, err);
	if (r < 0)
		return r;
	root_fd = volumes_mount(&volumes, err);
	if (root_fd < 0) {
		conf_delete(&power->conf.main, "lock");
		(void)etc_save(&power->pct->etc, &power->conf, NULL); /* else: pct unmount */
		return root_fd;
	}
	close_fd(root_fd);
	(void)printf("mounted CT %s in '%s'\n", power->id, volumes.place);
	return 0;
}

static int mount_verb(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	int r = power_begin(&power, pct, given->words[0], err);

	if (r == 0)
		r = conf_check_lock(&power.conf, NULL, err);
	return r < 0 ? r : mount_it(&power, err);
}

static int check_mounted(const struct pve_conf *conf, struct err *err)
{
	const struct pve_entry *lock = conf_find(&conf->main, "lock");

	if (!lock)
		return err_plain(err, -EINVAL, "no lock found trying to remove 'mounted' lock");
	if (strcmp(lock->value, "mounted") != 0)
		return err_plain(err, -EBUSY, "found lock '%s' trying to remove 'mounted' lock",
				 lock->value);
	return 0;
}

static int unmount_verb(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	int r = power_begin(&power, pct, given->words[0], err);

	if (r == 0)
		r = check_mounted(&power.conf, err);
	if (r == 0)
		r = volumes_unmount(volumes_place(pct->arena, &pct->etc, power.id), err);
	if (r < 0)
		return r;
	conf_delete(&power.conf.main, "lock");
	return etc_save(&pct->etc, &power.conf, err);
}

const struct pct_verb pct_mount = {
	.name = "mount",
	.words = "<vmid>",
	.help = "mount a container's volumes on the host; its config is locked until unmount",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = mount_verb,
};

const struct pct_verb pct_unmount = {
	.name = "unmount",
	.words = "<vmid>",
	.help = "unmount what mount has mounted",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = unmount_verb,
};
