#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "oci/spec.h"
#include "pve/change/change.h"
#include "pve/change/volumes.h"
#include "pve/conf/pending.h"
#include "pve/conf/schema.h"
#include "pve/facts/facts.h"
#include "pve/storage/storage.h"
#include "pve/translate/translate.h"

#include <fcntl.h>
#include <string.h>

int pct_translate_conf(struct pct *pct, const char *bundle, struct translation *translation,
		       struct err *err)
{
	struct storages storages = {};
	struct pve_facts_request request = {
		.conf = &translation->conf,
		.bundle = bundle,
		.running = translation->running,
		.etc = pct->etc.folder,
		.resolve = storage_resolve,
		.data = &storages,
	};
	int r = storage_read(pct->arena, &pct->etc, &storages, err);

	translation->facts = arena_alloc(pct->arena, sizeof(*translation->facts));
	if (r == 0)
		r = pve_facts_gather(pct->arena, &request, translation->facts, err);
	if (r < 0)
		return r;
	translation->spec = arena_alloc(pct->arena, sizeof(*translation->spec));
	translation->notices = arena_alloc(pct->arena, sizeof(*translation->notices));
	return pve_translate(pct->arena, &translation->conf, translation->facts, translation->spec,
			     translation->notices, err);
}

int pct_change(struct pct *pct, const char *id, struct translation *translation, struct err *err)
{
	struct oci_spec *running = arena_alloc(pct->arena, sizeof(*running));
	int r = container_spec(&pct->runtime, pct->arena, id, running, err);

	translation->running = running;
	if (r == 0)
		r = pct_translate_conf(pct, "/", translation, err);
	return r < 0 ? r : container_change(&pct->runtime, id, translation->spec, err);
}

/* A volume that a pending mpN asks for is made by a start; until then it can't be told of. */
static int make_volumes(struct pct *pct, struct translation *translation, struct err *err)
{
	struct pve_conf *conf = &translation->conf;
	struct storages storages;
	struct changes changes;
	struct volume_changes making = {
		.etc = &pct->etc, .storages = &storages, .conf = conf, .changes = &changes};
	int r;

	if (!change_asks(conf, &changes))
		return 0;
	if (translation->starts) {
		r = storage_read(pct->arena, &pct->etc, &storages, err);
		if (r == 0)
			r = change_make_volumes(&making, err);
		/* A start that fails later on is tried again: with these. */
		return r < 0 ? r : etc_save(&pct->etc, conf, err);
	}
	for (size_t i = 0; i < changes.count; i++) {
		pct_warn(NULL, arena_printf(pct->arena, "%s: its volume is made by the next start",
					    changes.keys[i]));
		pending_revert(conf, changes.keys[i]);
	}
	return 0;
}

/* Messages call it by its own name. */
static int load_file(struct pct *pct, const char *id, struct translation *translation,
		     struct err *err)
{
	const char *text, *slash = strrchr(translation->file, '/');
	size_t length;
	int r;

	translation->conf = (struct pve_conf){};
	r = file_read(pct->arena, AT_FDCWD, translation->file, 0, &text, &length, err);
	if (r == 0)
		r = conf_read(&translation->conf, id, text, length, false, err);
	if (r == 0)
		translation->conf.name = slash ? slash + 1 : translation->file;
	return r;
}

/* As `pct set` would have it; a raw line comes to the others of its key. */
static int set_line(struct arena *arena, struct pve_conf *conf, const char *set, struct err *err)
{
	const char *equals = strchr(set, '=');
	const char *key = equals ? arena_strndup(arena, set, (size_t)(equals - set)) : "";
	const char *value = equals ? equals + 1 : "";
	int r = 0;

	if (!*key)
		return err_wrong(err, "write KEY=VALUE: memory=512", "--set: '%s' names no key",
				 set);
	if (starts_with(key, "lxc."))
		conf_raw_add(conf, &conf->main, key, value);
	else if (!*value)
		(void)conf_delete(&conf->main, key);
	else
		r = schema_check_api(arena, key, value, &value, err);
	if (r < 0)
		err_add(err, "--set %s", key);
	else if (*value && !starts_with(key, "lxc."))
		conf_set(conf, &conf->main, key, value);
	return r;
}

static int translate(struct pct *pct, const char *id, const char *bundle,
		     struct translation *translation, struct err *err)
{
	int r = translation->file ? load_file(pct, id, translation, err)
				  : etc_load(&pct->etc, id, &translation->conf, err);

	if (r == 0)
		r = make_volumes(pct, translation, err);
	if (r < 0)
		return r;
	translation->pending = pending_apply(&translation->conf);
	for (size_t i = 0; r == 0 && translation->sets && translation->sets[i]; i++)
		r = set_line(pct->arena, &translation->conf, translation->sets[i], err);
	return r < 0 ? r : pct_translate_conf(pct, bundle, translation, err);
}

/* One line for each line of the config that is wrong: what failed, else what was passed over. */
int pct_translate(struct pct *pct, const char *id, const char *bundle,
		  struct translation *translation, struct err *err)
{
	int r;

	r = translate(pct, id, bundle, translation, err);
	if (!translation->told)
		pct_warn_conf(pct, &translation->conf, r < 0 ? err : NULL);
	return r;
}
