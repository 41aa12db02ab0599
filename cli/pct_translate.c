#include "cli/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
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
	int r = storage_read(pct->arena, pct->etc.folder, &storages, err);

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

static int translate(struct pct *pct, const char *id, const char *bundle,
		     struct translation *translation, struct err *err)
{
	int r = etc_load(&pct->etc, id, &translation->conf, err);

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
