#include "pve/setup/parts.h"

#include "lib/err.h"

#include <string.h>

#define ZONES "/usr/share/zoneinfo/"

/* "Europe/Vienna" of the option; "host" stands for the host's own. NULL: the guest keeps its. */
static const char *zone_of(const struct setup *setup)
{
	const char *zone = setup_option(setup, "timezone");

	return zone && strcmp(zone, "host") == 0 ? setup->timezone : zone;
}

int setup_timezone(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const char *zone = zone_of(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *path;
	int r;

	if (!zone)
		return 0;
	path = arena_printf(&arena, ZONES "%s", zone);
	if (!guest_exists(&guest, path)) {
		setup_warn(setup, "the container has no %s: its timezone is not changed", path);
		return 0;
	}
	if (guest_same(&guest, "/etc/localtime", path))
		return 0;
	r = guest_link(&guest, "/etc/localtime", path, err);
	if (r < 0 || !guest_exists(&guest, "/etc/timezone"))
		return r;
	return guest_write(&guest, "/etc/timezone", arena_printf(&arena, "%s\n", zone), 0644, err);
}
