#include "cli/pct/hotplug.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/change/change.h"
#include "pve/conf/mount.h"
#include "pve/conf/pending.h"
#include "pve/conf/property.h"
#include "pve/verbs/move.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"storage", 0, "STORAGE", "where it goes"},
	{"target-vmid", 0, "ID", "whose it becomes"},
	{"target-volume", 0, "KEY", "as which mpN or unusedN; else as the same"},
	{"delete", 0, NULL, "delete the old volume; else it becomes unusedN"},
	{"digest", 0, "SHA1", "only if the config file still has this digest"},
	{"target-digest", 0, "SHA1", "only if the other one's file still has this digest"},
	{"bwlimit", 0, "KIB", "KiB/s at most"},
	{},
};

/* A word, or else an option of that name. */
static const char *word_or_option(const struct options *given, int index, const char *name)
{
	return given->word_count > index ? given->words[index] : option_value(given, name);
}

static int check_source(struct pct *pct, const struct pve_conf *conf, const char *key,
			const struct options *given, struct err *err)
{
	int r = conf_check_lock(conf, NULL, err);

	if (r == 0 && pct_running(pct, conf->id) && !starts_with(key, "unused"))
		r = err_plain(err, -EBUSY, "cannot move volumes of a running container");
	return r < 0 ? r : conf_check_digest(conf, option_value(given, "digest"), err);
}

/* ------------------------------------------------------------------------- to another storage */

static int move(struct pct *pct, const struct options *given, const char *storage, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	struct move_request request = {
		.etc = &pct->etc,
		.key = given->words[1],
		.storage = storage,
		.delete = option_flag(given, "delete"),
		.warn = pct_warn,
	};
	int r = pct_bwlimit(given, &request.bwlimit, err);

	if (r < 0)
		return r;
	if (!conf_is_mount(request.key))
		return err_plain(err, -EINVAL,
				 "only configured volumes can be moved to another storage");
	r = power_begin(&power, pct, given->words[0], err);
	if (r == 0)
		r = check_source(pct, &power.conf, request.key, given, err);
	return r < 0 ? r : move_volume(&power.conf, &request, err);
}

/* ----------------------------------------------------------------------- to another container */

static void say(void *data, const char *line)
{
	(void)printf("%s\n", line);
}

/* What it was mounted with, but for the volume. */
static int read_mount(struct power *source, const char *key, struct pve_mount *mount,
		      struct err *err)
{
	return conf_mount_read(&source->conf, &source->conf.main, key, mount, err);
}

/* From unusedN to mpN, as `pct set` would: also into a container that runs. The file has no line
 * of an unusedN whose volume is in use. */
static int use(struct power *target, const char *key, const char *unused, struct pve_mount *mount,
	       struct err *err)
{
	struct pve_conf *conf = &target->conf;
	struct changes changes;

	changes_begin(conf, &changes);
	changes.keys = &key;
	changes.count = 1;
	mount->volume = arena_strdup(&conf->arena, conf_find(&conf->main, unused)->value);
	pending_set(conf, key, property_write(&conf->arena, conf_mount_table(key), mount));
	return pct_apply(target->pct, conf, &changes, err);
}

static int reassign(struct power *source, struct power *target, const char *target_key,
		    const char *key, struct err *err)
{
	const struct reassign_request request = {
		.etc = &source->pct->etc,
		.key = key,
		.target_key = target_key,
		.say = say,
	};
	const bool mounted = conf_is_mount(key) && conf_find(&source->conf.main, key);
	struct pve_mount mount;
	const char *unused;
	int r = mounted ? read_mount(source, key, &mount, err) : 0;

	if (r == 0)
		r = reassign_volume(&source->conf, &target->conf, &request, &unused, err);
	if (r == 0 && mounted && conf_is_mount(target_key))
		r = use(target, target_key, unused, &mount, err);
	if (r == 0)
		(void)printf("target container '%s' updated with '%s'\n", target->id,
			     mounted && conf_is_mount(target_key) ? target_key : unused);
	return r;
}

static int give(struct pct *pct, const struct options *given, const char *target_id,
		const char *target_key, struct err *err)
{
	cleanup_(power_end) struct power source = POWER_NONE, target = POWER_NONE;
	const char *key = given->words[1];
	int r;

	if (strcmp(target_id, given->words[0]) == 0)
		return err_plain(err, -EINVAL, "source and target are the same container");
	r = power_begin(&source, pct, given->words[0], err);
	if (r == 0)
		r = check_source(pct, &source.conf, key, given, err);
	if (r == 0)
		r = power_begin(&target, pct, target_id, err);
	if (r == 0)
		r = conf_check_digest(&target.conf, option_value(given, "target-digest"), err);
	return r < 0 ? r : reassign(&source, &target, target_key ? target_key : key, key, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char *storage = word_or_option(given, 2, "storage");
	const char *target = word_or_option(given, 3, "target-vmid");
	const char *key = word_or_option(given, 4, "target-volume");

	if (storage && target)
		return err_plain(err, -EINVAL, "either set storage or target-vmid, but not both");
	if (!storage && !target)
		return err_plain(err, -EINVAL,
				 "both 'storage' and 'target-vmid' missing, either "
				 "needs to be set");
	return storage ? move(pct, given, storage, err) : give(pct, given, target, key, err);
}

const struct pct_verb pct_move_volume = {
	.name = "move-volume",
	.alias = "move_volume",
	.words = "<vmid> <volume> [<storage>] [<target-vmid>] [<target-volume>]",
	.help = "copy a volume to another storage, or give it to another container",
	.options = options,
	.words_min = 2,
	.words_max = 5,
	.run = run,
};
