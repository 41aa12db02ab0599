#include "pve/conf/conf.h"

#include "lib/err.h"

#include <string.h>

int conf_check_lock(const struct pve_conf *conf, const char *but, struct err *err)
{
	const struct pve_entry *lock = conf_find(&conf->main, "lock");
	cleanup_(arena_free) struct arena arena = {};

	if (!lock || !*lock->value || (but && strcmp(lock->value, but) == 0))
		return 0;
	err_plain(err, -EBUSY, "CT is locked (%s)", lock->value);
	err_origin(err, conf_origin(&arena, conf, lock));
	err_hint(err, "if nothing works on it any more: pct unlock %s", conf->id);
	return -EBUSY;
}

int conf_check_digest(const struct pve_conf *conf, const char *digest, struct err *err)
{
	if (!digest || strcmp(conf->digest, digest) == 0)
		return 0;
	return err_plain(err, -EBUSY,
			 "detected modified configuration - file changed by other user? Try "
			 "again.");
}
