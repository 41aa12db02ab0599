#include "pve/setup/parts.h"

#include "lib/err.h"

/* Red Hat's family: CentOS, Rocky and Alma; Fedora; openEuler. */

enum {
	FIRST_SYSTEMD_CENTOS = 7,
	FIRST_PRESET_CENTOS = 8,
	FIRST_KEYFILE_CENTOS = 10, /* NetworkManager without ifcfg files */
	LAST_IFCFG_FEDORA = 24,
	LAST_SCRIPTS_FEDORA = 27, /* where the network scripts are installed */
	FIRST_PRESET_FEDORA = 37,
};

int setup_centos_first(const struct setup *setup, struct err *err)
{
	int r = 0;

	if (setup_version(setup) < FIRST_SYSTEMD_CENTOS)
		r = setup_upstart_centos_first(setup, err);
	if (r == 0)
		r = setup_locale(setup, err);
	if (r == 0)
		r = setup_securetty(setup, err);
	if (r == 0)
		r = setup_forget_lxc_name(setup, err);
	return r < 0 ? r : setup_mask_mounts(setup, err);
}

int setup_centos_init(const struct setup *setup, struct err *err)
{
	unsigned int version = setup_version(setup);
	int r = 0;

	if (version < FIRST_SYSTEMD_CENTOS)
		return setup_upstart_centos_ttys(setup, err);
	r = setup_getty_condition(setup, err);
	if (r == 0)
		r = setup_container_getty(setup, err);
	return r < 0 || version < FIRST_PRESET_CENTOS ? r : setup_preset(setup, "", err);
}

int setup_centos_network(const struct setup *setup, struct err *err)
{
	return setup_version(setup) < FIRST_KEYFILE_CENTOS ? setup_ifcfg(setup, err)
							   : setup_nmconnection(setup, err);
}

int setup_fedora_first(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = setup_securetty(setup, err);

	if (r == 0)
		r = guest_remove(&guest, "/etc/systemd/system/getty@.service", err);
	return r < 0 ? r : setup_forget_lxc_name(setup, err);
}

int setup_fedora_init(const struct setup *setup, struct err *err)
{
	int r = setup_container_getty(setup, err);

	return r < 0 || setup_version(setup) < FIRST_PRESET_FEDORA
		       ? r
		       : setup_preset(setup, "enable systemd-networkd.service\n", err);
}

int setup_fedora_network(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	unsigned int version = setup_version(setup);

	if (version <= LAST_IFCFG_FEDORA ||
	    (version <= LAST_SCRIPTS_FEDORA && guest_exists(&guest, "/etc/sysconfig/network")))
		return setup_ifcfg(setup, err);
	return setup_networkd(setup, err);
}

int setup_openeuler_first(const struct setup *setup, struct err *err)
{
	int r = setup_forget_lxc_name(setup, err);

	if (r == 0)
		r = setup_mask_mounts(setup, err);
	return r < 0 ? r : setup_mask_unit(setup, "dev-mqueue.mount", err);
}

int setup_openeuler_init(const struct setup *setup, struct err *err)
{
	int r = setup_container_getty(setup, err);

	return r < 0 ? r : setup_preset(setup, "", err);
}
