#include "cli/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "pve/change.h"
#include "pve/change_volumes.h"
#include "pve/facts.h"
#include "pve/pending.h"
#include "pve/storage.h"
#include "pve/translate.h"

int pct_translate_conf(struct pct *pct, const char *bundle, struct translation *translation,
		       struct err *err)
{
	struct storages storages = {};
	struct pve_facts_request request = {
		.conf = &translation->conf,
		.bundle = bundle,
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

static int translate(struct pct *pct, const char *id, const char *bundle,
		     struct translation *translation, struct err *err)
{
	int r = etc_load(&pct->etc, id, &translation->conf, err);

	if (r == 0)
		r = make_volumes(pct, translation, err);
	if (r < 0)
		return r;
	translation->pending = pending_apply(&translation->conf);
	return pct_translate_conf(pct, bundle, translation, err);
}

/* One line for each line of the config that is wrong: what failed, else what was passed over. */
int pct_translate(struct pct *pct, const char *id, const char *bundle,
		  struct translation *translation, struct err *err)
{
	int r;

	r = translate(pct, id, bundle, translation, err);
	pct_warn_conf(pct, &translation->conf, r < 0 ? err : NULL);
	return r;
}
