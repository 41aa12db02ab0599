#include "pve/setup/parts.h"

#include "lib/err.h"

/* OpenRC's services for a container: what its template leaves out where it was no container. */
static const struct runlevel_link {
	const char *runlevel, *service;
} links[] = {
	{"boot", "networking"},    {"boot", "bootmisc"},      {"boot", "hostname"},
	{"shutdown", "killprocs"}, {"shutdown", "savecache"},
};

static int link_services(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(links); i++) {
		const char *folder = arena_printf(&arena, "/etc/runlevels/%s", links[i].runlevel);
		const char *script = arena_printf(&arena, "/etc/init.d/%s", links[i].service);

		r = guest_make_dirs(&guest, folder, err);
		if (r == 0)
			r = guest_link(&guest,
				       arena_printf(&arena, "%s/%s", folder, links[i].service),
				       script, err);
	}
	return r;
}

int setup_alpine_first(const struct setup *setup, struct err *err)
{
	int r = link_services(setup, err);

	if (r == 0)
		r = setup_securetty(setup, err);
	return r < 0 ? r : setup_forget_lxc_name(setup, err);
}
