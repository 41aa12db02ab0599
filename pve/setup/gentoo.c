#include "pve/setup/parts.h"

#include "lib/err.h"

int setup_gentoo_first(const struct setup *setup, struct err *err)
{
	int r = setup_securetty(setup, err);

	return r < 0 ? r : setup_forget_lxc_name(setup, err);
}
