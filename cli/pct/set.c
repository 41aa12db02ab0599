#include "cli/pct/hotplug.h"
#include "cli/pct/pct.h"
#include "cli/pct/settings.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "pve/change/change.h"
#include "pve/change/volumes.h"
#include "pve/etc/datacenter.h"
#include "pve/storage/storage.h"

/* What set has beside the options of the config itself. */
static const struct option_row own_options[] = {
	{"delete", 0, "LIST", "options to remove"},
	{"revert", 0, "LIST", "options that shall no longer change with the next start"},
	{"digest", 0, "SHA1", "only if the config file still has this digest"},
};

static const struct option_row *all_options(struct arena *arena)
{
	return settings_rows(arena, own_options, ARRAY_SIZE(own_options));
}

struct watching {
	struct pct *pct;
	const char *id;
};

/* Where nobody can tell, it is. */
static bool is_mounted(void *data, const char *path)
{
	const struct watching *watching = data;
	bool mounts;

	return container_mounts(&watching->pct->runtime, watching->id, path, &mounts, NULL) < 0 ||
	       mounts;
}

/* Volumes that are asked for come first, those that are to go last. */
static int apply(struct pct *pct, struct volume_changes *volumes, struct err *err)
{
	int r = change_make_volumes(volumes, err);

	if (r < 0)
		return r;
	r = pct_apply(pct, volumes->conf, volumes->changes, err);
	if (r < 0) {
		change_unmake_volumes(volumes);
		return r;
	}
	return change_free_volumes(volumes, err);
}

static int set(struct pct *pct, struct pve_conf *conf, const struct change_request *request,
	       struct err *err)
{
	const bool running = pct_running(pct, conf->id);
	struct watching watching = {pct, conf->id};
	struct changes changes;
	struct volume_changes volumes = {
		.etc = &pct->etc,
		.storages = request->storages,
		.conf = conf,
		.changes = &changes,
		.running = running,
		.warn = pct_warn,
		.mounted = running ? is_mounted : NULL,
		.data = &watching,
	};
	int r = change_record(conf, request, &changes, err);

	return r < 0 ? r : apply(pct, &volumes, err);
}

static int read_request(struct pct *pct, struct pve_conf *conf, const struct options *given,
			struct err *err)
{
	struct storages storages = {};
	struct datacenter datacenter = {};
	struct change_request request = {
		.storages = &storages,
		.datacenter = &datacenter,
		.delete = option_value(given, "delete"),
		.revert = option_value(given, "revert"),
		.warn = pct_warn,
	};
	int r = conf_check_lock(conf, NULL, err);

	request.options = settings_given(pct->arena, given, own_options, ARRAY_SIZE(own_options),
					 &request.count);
	if (r == 0 && !request.count && !request.revert && !request.delete)
		r = err_plain(err, -EINVAL, "no options specified");
	if (r == 0)
		r = conf_check_digest(conf, option_value(given, "digest"), err);
	if (r == 0)
		r = storage_read(pct->arena, &pct->etc, &storages, err);
	if (r == 0)
		r = datacenter_read(pct->arena, pct->etc.folder, &datacenter, err);
	return r < 0 ? r : set(pct, conf, &request, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	const char *id = given->words[0];
	int r = pct_exists(pct, id, err);

	if (r == 0)
		r = etc_lock(&pct->etc, id, LOCK_SECONDS, NULL, &lock, err);
	if (r == 0)
		r = pct_load(pct, id, &conf, err);
	return r < 0 ? r : read_request(pct, &conf, given, err);
}

const struct pct_verb pct_set = {
	.name = "set",
	.words = "<vmid>",
	.help = "change the config; at once what a running container can have, the rest with its "
		"next start",
	.make_options = all_options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
