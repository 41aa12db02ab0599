#include "cli/pct/power.h"

#include "cli/pct/pct.h"
#include "lib/err.h"
#include "pve/verbs/hookscript.h"

int power_begin(struct power *power, struct pct *pct, const char *id, struct err *err)
{
	int r;

	power->pct = pct;
	power->id = id;
	r = etc_lock(&pct->etc, id, LOCK_SECONDS, NULL, &power->lock, err);
	return r < 0 ? r : etc_load(&pct->etc, id, &power->conf, err);
}

void power_end(struct power *power)
{
	conf_free(&power->conf);
	lock_drop(&power->lock);
}

int power_check_lock(const struct power *power, bool mounted_too, struct err *err)
{
	return conf_check_lock(&power->conf, mounted_too ? NULL : "mounted", err);
}

void power_hook(struct pct *pct, const struct pve_conf *conf, const char *phase)
{
	struct err err = {};
	char line[1600];

	if (hookscript_run(&pct->etc, conf, phase, &err) < 0)
		pct_warn(NULL, err_text(&err, line, sizeof(line)));
}

void power_post_stop(void *pct, const char *id)
{
	cleanup_(conf_free) struct pve_conf conf = {};

	if (etc_load(&((struct pct *)pct)->etc, id, &conf, NULL) == 0)
		power_hook(pct, &conf, "post-stop");
}
