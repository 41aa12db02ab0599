#include "pve/setup/parts.h"

#include "lib/err.h"

/* Debian, and Devuan, which never has systemd. */

enum { FIRST_PRESET = 12 };

/* networkd has no part in a network by ifupdown; waiting for it, a boot would wait in vain. */
static const char preset[] = "disable systemd-networkd-wait-online.service\n"
			     "disable systemd-networkd.service\n"
			     "disable systemd-networkd.socket\n";

int setup_debian_first(const struct setup *setup, struct err *err)
{
	int r = setup_snakeoil(setup, err);

	return r < 0 ? r : setup_mask_mounts(setup, err);
}

int setup_debian_init(const struct setup *setup, struct err *err)
{
	int r = setup_container_getty(setup, err);

	if (r == 0 && setup_has_systemd(setup) && setup_version(setup) >= FIRST_PRESET)
		r = setup_preset(setup, preset, err);
	return r < 0 ? r : setup_inittab_sysvinit(setup, err);
}
