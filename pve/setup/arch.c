#include "pve/setup/parts.h"

#include "lib/err.h"

int setup_arch_first(const struct setup *setup, struct err *err)
{
	int r = setup_securetty(setup, err);

	if (r == 0)
		r = setup_forget_lxc_name(setup, err);
	return r < 0 ? r : setup_mask_mounts(setup, err);
}

int setup_arch_init(const struct setup *setup, struct err *err)
{
	int r = setup_preset(setup, "enable systemd-networkd.service\n", err);

	return r < 0 ? r : setup_container_getty(setup, err);
}
