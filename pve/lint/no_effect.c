#include "pve/lint/parts.h"

#include "pve/conf/property.h"
#include "pve/conf/value.h"

#include <stdlib.h>
#include <string.h>

static void check_features(const struct linting *l)
{
	const struct pve_entry *entry = conf_find(&l->conf->main, "features");
	struct pve_features features = {};

	if (!entry ||
	    property_read(l->arena, pve_features_properties, entry->value, &features, NULL) < 0)
		return;
	if (!conf_unprivileged(&l->conf->main) && opt_bool_or(features.keyctl, false))
		lint_find(l, entry, "leave keyctl=1 out",
			  "keyctl=1 changes nothing: a privileged container may use keys");
	if (!l->facts->apparmor && features.mount)
		lint_find(l, entry, "leave mount= out on this host",
			  "mount=%s changes nothing: it is a rule of AppArmor, which this host "
			  "doesn't have",
			  features.mount);
}

static void check_mounts(const struct linting *l)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "mp", &i)); i++) {
		struct pve_mount mount = {};

		if (property_read(l->arena, pve_mp_properties, entry->value, &mount, NULL) == 0 &&
		    pve_mount_kind(mount.volume) == PVE_MOUNT_BIND && mount.size.set)
			lint_find(l, entry, "leave size= out",
				  "size= changes nothing: a directory of the host has no limit");
	}
}

/* More processors of time than there are to run on. */
static void check_cpulimit(const struct linting *l)
{
	const struct pve_entry *limit = conf_find(&l->conf->main, "cpulimit");
	const struct pve_entry *cores = conf_find(&l->conf->main, "cores");

	if (limit && cores && value_is_decimal(limit->value) && value_number(limit->value) > 0 &&
	    value_number(limit->value) >= strtod(cores->value, NULL))
		lint_find(l, limit, "leave cpulimit out, or make it less than cores",
			  "%s processors of time are no limit for %s cores (%s)", limit->value,
			  cores->value, lint_where(l, cores));
}

void lint_no_effect(const struct linting *l)
{
	check_features(l);
	check_mounts(l);
	check_cpulimit(l);
}
