#include "pve/setup/parts.h"

#include "lib/err.h"

#include <string.h>

/* struct distro - what is different from one distribution to the next; NULL: nothing */
static const struct distro {
	const char *ostype;
	int (*first)(const struct setup *setup, struct err *err); /* once, after extraction */
	int (*init)(const struct setup *setup, struct err *err);  /* logins, presets        */
	int (*network)(const struct setup *setup, struct err *err);
	int (*hostname)(const struct setup *setup, struct err *err);
	int (*timezone)(const struct setup *setup, struct err *err);
} distros[] = {
	{"alpine", setup_alpine_first, setup_inittab_busybox, setup_ifupdown, setup_hostname_short,
	 setup_timezone},
	{"archlinux", setup_arch_first, setup_arch_init, setup_networkd, setup_hostname_short,
	 setup_timezone},
	{"centos", setup_centos_first, setup_centos_init, setup_centos_network,
	 setup_hostname_redhat, setup_timezone},
	{"debian", setup_debian_first, setup_debian_init, setup_ifupdown, setup_hostname_short,
	 setup_timezone},
	{"devuan", setup_snakeoil, setup_inittab_sysvinit, setup_ifupdown, setup_hostname_short,
	 setup_timezone},
	{"fedora", setup_fedora_first, setup_fedora_init, setup_fedora_network,
	 setup_hostname_redhat, setup_timezone},
	{"gentoo", setup_gentoo_first, setup_inittab_gentoo, setup_netifrc, setup_hostname_gentoo,
	 setup_timezone},
	{"nixos", NULL, NULL, setup_networkd, setup_hostname_short, NULL},
	{"openeuler", setup_openeuler_first, setup_openeuler_init, setup_centos_network,
	 setup_hostname_redhat, setup_timezone},
	{"opensuse", setup_suse_first, setup_suse_init, setup_suse_network, setup_hostname_short,
	 setup_timezone},
	{"ubuntu", setup_ubuntu_first, setup_ubuntu_init, setup_ubuntu_network,
	 setup_hostname_short, setup_timezone},
};

/* NULL: unmanaged, nothing is touched. */
static const struct distro *find_distro(const struct setup *setup)
{
	for (size_t i = 0; setup->ostype && i < ARRAY_SIZE(distros); i++)
		if (strcmp(distros[i].ostype, setup->ostype) == 0)
			return &distros[i];
	return NULL;
}

static int each_start(const struct setup *setup, const struct distro *distro, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = guest_write(&guest, "/fastboot", "", 0644, err);

	if (r == 0)
		r = guest_make_dir(&guest, "/etc", 0755, err);
	if (r == 0 && distro->init)
		r = distro->init(setup, err);
	if (r == 0)
		r = distro->network(setup, err);
	if (r == 0)
		r = distro->hostname(setup, err);
	if (r == 0)
		r = setup_hosts(setup, err);
	if (r == 0)
		r = setup_resolv(setup, err);
	if (r == 0 && distro->timezone)
		r = distro->timezone(setup, err);
	setup_check_systemd(setup);
	return r;
}

int setup_start(const struct setup *setup, struct err *err)
{
	const struct distro *distro = find_distro(setup);
	int r = distro ? setup_check_version(setup, err) : 0;

	if (r == 0 && distro)
		r = each_start(setup, distro, err);
	if (r < 0)
		err_add(err, "set the guest up");
	return r;
}

int setup_network(const struct setup *setup, struct err *err)
{
	const struct distro *distro = find_distro(setup);
	int r = distro ? setup_check_version(setup, err) : 0;

	if (r == 0 && distro)
		r = distro->network(setup, err);
	return r;
}

static int once(const struct setup *setup, const struct distro *distro,
		const struct setup_first *first, struct err *err)
{
	int r = setup_check_version(setup, err);

	if (r == 0)
		r = setup_new_machine(setup, err);
	if (r == 0 && distro->first)
		r = distro->first(setup, err);
	if (r == 0)
		r = setup_logins(setup, first, err);
	return r < 0 ? r : each_start(setup, distro, err);
}

int setup_create(const struct setup *setup, const struct setup_first *first, struct err *err)
{
	const struct distro *distro = find_distro(setup);
	int r = distro ? once(setup, distro, first, err) : 0;

	if (r < 0)
		err_add(err, "set the guest up");
	return r;
}
