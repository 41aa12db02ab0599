#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/err.h"
#include "lib/process.h"
#include "lib/text.h"
#include "pve/conf/mount.h"
#include "pve/conf/property.h"
#include "pve/storage/storage.h"

#include <stdio.h>
#include <sys/stat.h>

static const struct option_row options[] = {
	{"device", 0, "KEY", "rootfs (default) or mpN"},
	{"force", 0, NULL, "check it although it seems clean"},
	{},
};

/* The image or device of @key: what fsck can look at. */
static int find_image(struct power *power, const char *key, const char **path, struct err *err)
{
	struct pct *pct = power->pct;
	struct storages storages;
	struct pve_mount mount;
	struct stat st;
	int r = conf_mount_read(&power->conf, &power->conf.main, key, &mount, err);

	if (r == -ENOENT)
		return err_plain(err, -EINVAL, "cannot run command on non-existing mount point %s",
				 key);
	if (r == 0)
		r = storage_read(pct->arena, &pct->etc, &storages, err);
	if (r < 0)
		return r;
	*path = mount.volume;
	if (pve_mount_kind(mount.volume) == PVE_MOUNT_VOLUME)
		r = storage_resolve(&storages, pct->arena, mount.volume, path, err);
	if (r == 0 && stat(*path, &st) < 0)
		r = err_set(err, -errno, "volume %s", mount.volume);
	if (r == 0 && S_ISDIR(st.st_mode))
		r = err_plain(err, -EINVAL, "unable to run fsck for '%s' (format == subvol)",
			      mount.volume);
	return r;
}

/* As in Proxmox any status but 0 is a failure: also that errors were corrected. */
static int check(const char *path, bool force, struct err *err)
{
	cleanup_(text_free) struct text output = {};
	const char *const argv[] = {"fsck", "-a", "-l", path, force ? "-f" : NULL, NULL};
	int r = process_run(argv, &output, err);

	(void)printf("%s", text_str(&output));
	return r;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	const char *key = option_value(given, "device");
	const char *path = NULL;
	int r = power_begin(&power, pct, given->words[0], err);

	if (r == 0 && key && !conf_is_mount(key))
		r = err_plain(err, -EINVAL,
			      "400 Parameter verification failed. device: value '%s' does not have "
			      "a value in the enumeration 'rootfs, mp0 ... mp255'",
			      key);
	if (r == 0 && pct_running(pct, power.id))
		r = err_plain(err, -EBUSY, "cannot run fsck when container is running");
	if (r == 0)
		r = find_image(&power, key ? key : "rootfs", &path, err);
	return r < 0 ? r : check(path, option_flag(given, "force"), err);
}

const struct pct_verb pct_fsck = {
	.name = "fsck",
	.words = "<vmid>",
	.help = "check, and mend, the file system on a stopped container's image",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
