#include "pve/setup/parts.h"

#include "lib/err.h"

#define KEY  "/etc/ssl/private/ssl-cert-snakeoil.key"
#define UNIT "proxmox-regenerate-snakeoil.service"

/*
 * Debian's package ssl-cert makes a private key once, when it is installed. All containers of a
 * template must not share it: a unit makes each its own at the first boot.
 */

static const char unit[] =
	"[Unit]\n"
	"Description=A key and certificate of this machine's own in place of the template's\n"
	"ConditionFirstBoot=yes\n"
	"Before=first-boot-complete.target\n"
	"Wants=first-boot-complete.target\n"
	"\n"
	"[Service]\n"
	"Type=oneshot\n"
	"ExecStart=/usr/sbin/make-ssl-cert generate-default-snakeoil --force-overwrite\n"
	"\n"
	"[Install]\n"
	"WantedBy=first-boot-complete.target\n";

static int add_unit(const struct setup *setup, struct err *err)
{
	static const char wants[] = "/etc/systemd/system/first-boot-complete.target.wants";
	const struct guest guest = setup_guest(setup);
	int r = guest_make_dirs(&guest, wants, err);

	if (r == 0)
		r = guest_write(&guest, "/etc/systemd/system/" UNIT, unit, 0644, err);
	return r < 0 ? r
		     : guest_link(&guest,
				  "/etc/systemd/system/first-boot-complete.target.wants/" UNIT,
				  "/etc/systemd/system/" UNIT, err);
}

int setup_snakeoil(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = 0;

	if (!guest_exists(&guest, KEY))
		return 0;
	if (setup_has_systemd(setup))
		r = add_unit(setup, err);
	else
		setup_warn(setup, KEY " of the template is removed: make a new one inside with "
				      "make-ssl-cert generate-default-snakeoil --force-overwrite");
	return r < 0 ? r : guest_remove(&guest, KEY, err);
}
