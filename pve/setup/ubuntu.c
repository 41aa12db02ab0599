#include "pve/setup/parts.h"

#include "lib/err.h"

enum {
	LAST_UPSTART = 1410,
	FIRST_SYSTEMD = 1504,
	FIRST_GETTY = 1610, /* with container-getty@.service */
	FIRST_NETPLAN = 1710,
	FIRST_PRESET = 2304,
};

int setup_ubuntu_first(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	unsigned int version = setup_version(setup);
	int r = setup_snakeoil(setup, err);

	if (r == 0 && version >= FIRST_SYSTEMD && version < FIRST_GETTY)
		r = setup_securetty(setup, err);
	if (r == 0 && version >= FIRST_NETPLAN && version < FIRST_PRESET)
		r = setup_enable_networkd(setup, err);
	if (r == 0 && version >= FIRST_NETPLAN)
		r = guest_remove(&guest, "/etc/netplan/10-lxc.yaml", err);
	return r < 0 ? r : setup_mask_mounts(setup, err);
}

int setup_ubuntu_init(const struct setup *setup, struct err *err)
{
	unsigned int version = setup_version(setup);
	int r = 0;

	if (version <= LAST_UPSTART)
		return setup_upstart_ubuntu(setup, err);
	if (version >= FIRST_PRESET)
		r = setup_preset(setup, "enable systemd-networkd.service\n", err);
	return r < 0 || version < FIRST_GETTY ? r : setup_container_getty(setup, err);
}

int setup_ubuntu_network(const struct setup *setup, struct err *err)
{
	return setup_version(setup) >= FIRST_NETPLAN ? setup_networkd(setup, err)
						     : setup_ifupdown(setup, err);
}
