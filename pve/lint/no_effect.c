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

/* "manual" asks for nothing. */
static bool asks(const char *address)
{
	return address && strcmp(address, "manual") != 0;
}

/* Addresses are the guest's matter, whose files are written for it; or the host's, if told so. */
static void check_addresses(const struct linting *l, const struct pve_entry *ostype)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "net", &i)); i++) {
		struct pve_net net = {};

		if (property_read(l->arena, pve_net_properties, entry->value, &net, NULL) < 0 ||
		    opt_bool_or(net.host_managed, false) ||
		    !(asks(net.ip) || asks(net.ip6) || net.gw || net.gw6))
			continue;
		lint_find(l, entry, "add host-managed=1, or set it up inside",
			  "the addresses of %s are not set up: no files are written for %s (%s)",
			  entry->key, ostype->value, lint_where(l, ostype));
	}
}

static void check_unmanaged(const struct linting *l)
{
	const struct pve_entry *ostype = conf_find(&l->conf->main, "ostype");
	const struct pve_entry *timezone = conf_find(&l->conf->main, "timezone");

	if (!ostype || strcmp(ostype->value, "unmanaged") != 0)
		return;
	check_addresses(l, ostype);
	if (timezone)
		lint_find(l, timezone, "leave timezone out, or set it up inside",
			  "'%s' is not set up: no files are written for %s (%s)", timezone->value,
			  ostype->value, lint_where(l, ostype));
}

void lint_no_effect(const struct linting *l)
{
	check_unmanaged(l);
	check_features(l);
	check_mounts(l);
	check_cpulimit(l);
}
