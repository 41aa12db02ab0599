#include "pve/setup_parts.h"

#include "lib/err.h"

/* Debian and what is made from it: Devuan, Ubuntu. */

enum {
	FIRST_PRESET_DEBIAN = 12,
	FIRST_GETTY_UBUNTU = 1610,
	FIRST_PRESET_UBUNTU = 2304,
	FIRST_NETPLAN_UBUNTU = 1710
};

/* networkd has no part in a network by ifupdown; waiting for it, a boot would wait in vain. */
static const char debian_preset[] = "disable systemd-networkd-wait-online.service\n"
				    "disable systemd-networkd.service\n"
				    "disable systemd-networkd.socket\n";
static const char ubuntu_preset[] = "enable systemd-networkd.service\n";

int setup_debian_init(const struct setup *setup, struct err *err)
{
	int r = setup_container_getty(setup, err);

	if (r == 0 && setup_has_systemd(setup) && setup_version(setup) >= FIRST_PRESET_DEBIAN)
		r = setup_preset(setup, debian_preset, err);
	return r < 0 ? r : setup_inittab_sysvinit(setup, err);
}

int setup_devuan_init(const struct setup *setup, struct err *err)
{
	return setup_inittab_sysvinit(setup, err);
}

int setup_ubuntu_first(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	unsigned int version = setup_version(setup);
	int r = 0;

	if (version >= FIRST_NETPLAN_UBUNTU && version < FIRST_PRESET_UBUNTU)
		r = setup_enable_networkd(setup, err);
	if (r == 0 && version >= FIRST_NETPLAN_UBUNTU)
		r = guest_remove(&guest, "/etc/netplan/10-lxc.yaml", err);
	return r < 0 ? r : setup_mask_mounts(setup, err);
}

int setup_ubuntu_init(const struct setup *setup, struct err *err)
{
	unsigned int version = setup_version(setup);
	int r = 0;

	if (version >= FIRST_PRESET_UBUNTU)
		r = setup_preset(setup, ubuntu_preset, err);
	return r < 0 || version < FIRST_GETTY_UBUNTU ? r : setup_container_getty(setup, err);
}

int setup_ubuntu_network(const struct setup *setup, struct err *err)
{
	return setup_version(setup) >= FIRST_NETPLAN_UBUNTU ? setup_networkd(setup, err)
							    : setup_ifupdown(setup, err);
}
