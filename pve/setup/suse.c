#include "pve/setup/parts.h"

#include "lib/err.h"

static int set_localtime(const struct setup *setup, struct err *err)
{
	static const char localtime[] = "/etc/localtime";
	const struct guest guest = setup_guest(setup);

	return guest_exists(&guest, localtime)
		       ? 0
		       : guest_link(&guest, localtime, "/usr/share/zoneinfo/UTC", err);
}

int setup_suse_first(const struct setup *setup, struct err *err)
{
	int r = setup_securetty(setup, err);

	if (r == 0)
		r = setup_locale(setup, err);
	if (r == 0)
		r = set_localtime(setup, err);
	return r < 0 ? r : setup_forget_lxc_name(setup, err);
}

int setup_suse_init(const struct setup *setup, struct err *err)
{
	int r = setup_getty_condition(setup, err);

	return r < 0 ? r : setup_container_getty(setup, err);
}

/* Which of the two runs is the guest's choice: both know the addresses. */
int setup_suse_network(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = setup_wicked(setup, err);

	return r < 0 || !guest_exists(&guest, "/usr/lib/systemd/systemd-networkd")
		       ? r
		       : setup_networkd(setup, err);
}
