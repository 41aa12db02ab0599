#include "pve/setup_parts.h"

#include "lib/err.h"

#include <string.h>

/* Distributions without a row get what all of them have in common. */
static const struct setup_distro distros[] = {
	{"debian", setup_debian_init, setup_ifupdown},
	{"devuan", setup_debian_init, setup_ifupdown},
	{"alpine", NULL, setup_ifupdown},
};

static const struct setup_distro *find_distro(const char *ostype)
{
	for (size_t i = 0; i < ARRAY_SIZE(distros); i++)
		if (strcmp(distros[i].ostype, ostype) == 0)
			return &distros[i];
	return NULL;
}

static bool managed(const struct setup *setup)
{
	const char *ostype = setup_option(setup, "ostype");

	return ostype && strcmp(ostype, "unmanaged") != 0;
}

static int set_up(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const struct setup_distro *distro = find_distro(setup_option(setup, "ostype"));
	int r = guest_write(&guest, "/fastboot", "", 0644, err);

	if (r == 0 && distro && distro->init)
		r = distro->init(setup, err);
	if (r == 0 && distro && distro->network)
		r = distro->network(setup, err);
	return r < 0 ? r : setup_common(setup, err);
}

int setup_start(const struct setup *setup, struct err *err)
{
	int r = managed(setup) ? set_up(setup, err) : 0;

	if (r < 0)
		err_add(err, "set the guest up");
	return r;
}

/* Two containers from one template must not be the same machine: systemd makes a new id. */
static int forget_machine(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = guest_remove(&guest, "/etc/machine-id", err);

	return r < 0 ? r : guest_remove(&guest, "/var/lib/dbus/machine-id", err);
}

int setup_create(const struct setup *setup, const struct setup_first *first, struct err *err)
{
	int r;

	if (!managed(setup))
		return 0;
	r = forget_machine(setup, err);
	if (r == 0)
		r = setup_logins(setup, first, err);
	if (r < 0) {
		err_add(err, "set the guest up");
		return r;
	}
	return setup_start(setup, err);
}
