#include "pve/setup/parts.h"

#include "lib/err.h"

#include <string.h>

/* A machine's own name, where its distribution looks for it. */

const char *setup_hostname(const struct setup *setup)
{
	const char *name = setup_option(setup, "hostname");

	return name ? name : "localhost";
}

static const char *short_name(const struct setup *setup, struct arena *arena)
{
	const char *name = setup_hostname(setup);

	return arena_strndup(arena, name, strcspn(name, "."));
}

int setup_hostname_short(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};

	return guest_write(&guest, "/etc/hostname",
			   arena_printf(&arena, "%s\n", short_name(setup, &arena)), 0644, err);
}

int setup_hostname_redhat(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	int r = guest_write(&guest, "/etc/hostname",
			    arena_printf(&arena, "%s\n", setup_hostname(setup)), 0644, err);

	return r < 0 ? r
		     : setup_assign(setup, "/etc/sysconfig/network", "HOSTNAME",
				    setup_hostname(setup), err);
}

int setup_hostname_gentoo(const struct setup *setup, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};

	return setup_assign(setup, "/etc/conf.d/hostname", "hostname",
			    arena_printf(&arena, "\"%s\"", short_name(setup, &arena)), err);
}
