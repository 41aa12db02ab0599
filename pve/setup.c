#include "pve/setup_parts.h"

#include "lib/err.h"
#include "pve/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* struct distro - what is different from one distribution to the next; NULL: nothing */
static const struct distro {
	const char *ostype;
	int (*first)(const struct setup *setup, struct err *err); /* once, after extraction */
	int (*init)(const struct setup *setup, struct err *err);  /* logins, presets        */
	int (*network)(const struct setup *setup, struct err *err);
} distros[] = {
	{"alpine", setup_alpine_first, setup_inittab_busybox, setup_ifupdown},
	{"archlinux", setup_arch_first, setup_arch_init, setup_networkd},
	{"debian", setup_mask_mounts, setup_debian_init, setup_ifupdown},
	{"devuan", NULL, setup_devuan_init, setup_ifupdown},
	{"nixos", NULL, NULL, setup_networkd},
	{"ubuntu", setup_ubuntu_first, setup_ubuntu_init, setup_ubuntu_network},
};

/* Others get what all have in common. */
static const struct distro *find_distro(const struct setup *setup)
{
	static const struct distro common = {};

	for (size_t i = 0; i < ARRAY_SIZE(distros); i++)
		if (strcmp(distros[i].ostype, setup->ostype) == 0)
			return &distros[i];
	setup_warn(setup, "the network files of '%s' are not known here: set the network up inside",
		   setup->ostype);
	return &common;
}

const char *setup_option(const struct setup *setup, const char *key)
{
	const struct pve_entry *entry = conf_find(&setup->conf->main, key);

	return entry ? entry->value : NULL;
}

void setup_warn(const struct setup *setup, const char *fmt, ...)
{
	char line[512];
	va_list args;

	if (!setup->warn)
		return;
	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	setup->warn(setup->warn_data, line);
}

static bool managed(const struct setup *setup)
{
	return setup->ostype && strcmp(setup->ostype, "unmanaged") != 0;
}

static int each_start(const struct setup *setup, const struct distro *distro, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = guest_write(&guest, "/fastboot", "", 0644, err);

	if (r == 0 && distro->init)
		r = distro->init(setup, err);
	if (r == 0 && distro->network)
		r = distro->network(setup, err);
	if (r == 0)
		r = setup_common(setup, err);
	setup_check_systemd(setup);
	return r;
}

int setup_start(const struct setup *setup, struct err *err)
{
	int r = managed(setup) ? each_start(setup, find_distro(setup), err) : 0;

	if (r < 0)
		err_add(err, "set the guest up");
	return r;
}

static int once(const struct setup *setup, const struct setup_first *first, struct err *err)
{
	const struct distro *distro = find_distro(setup);
	int r = setup_new_machine(setup, err);

	if (r == 0 && distro->first)
		r = distro->first(setup, err);
	if (r == 0)
		r = setup_logins(setup, first, err);
	return r < 0 ? r : each_start(setup, distro, err);
}

int setup_create(const struct setup *setup, const struct setup_first *first, struct err *err)
{
	int r = managed(setup) ? once(setup, first, err) : 0;

	if (r < 0)
		err_add(err, "set the guest up");
	return r;
}
