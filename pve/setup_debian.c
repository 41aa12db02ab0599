#include "pve/setup_parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf.h"

#include <string.h>

#define WANTS "/etc/systemd/system/getty.target.wants"

enum { TTYS_MAX = 6 };

/* systemd's own template for consoles of containers; without it nothing is changed. */
static const char *getty_unit(const struct guest *guest)
{
	static const char *const units[] = {"/lib/systemd/system/container-getty@.service",
					    "/usr/lib/systemd/system/container-getty@.service"};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (guest_exists(guest, units[i]))
			return units[i];
	return NULL;
}

/* The console is "pts/N" for systemd; ours is /dev/ttyN. */
static int patch_unit(struct arena *arena, const struct guest *guest, const char *unit,
		      struct err *err)
{
	const char *old = guest_read(arena, guest, unit), *at;
	cleanup_(text_free) struct text text = {};

	if (!old || !strstr(old, "pts/%I"))
		return 0;
	while ((at = strstr(old, "pts/%I"))) {
		text_addn(&text, old, (size_t)(at - old));
		text_add(&text, "tty%I");
		old = at + strlen("pts/%I");
	}
	text_add(&text, old);
	return guest_write(guest, unit, text_str(&text), 0644, err);
}

static int enable_getty(struct arena *arena, const struct guest *guest, const char *unit,
			unsigned int number, bool wanted, struct err *err)
{
	const char *link = arena_printf(arena, WANTS "/container-getty@%u.service", number);
	int r = guest_remove(guest, arena_printf(arena, WANTS "/getty@tty%u.service", number), err);

	if (r < 0)
		return r;
	return wanted ? guest_link(guest, link, unit, err) : guest_remove(guest, link, err);
}

/* Without a machine-id the first boot enables whatever no preset speaks of. */
static int write_preset(const struct guest *guest, struct err *err)
{
	static const char folder[] = "/etc/systemd/system-preset";
	static const char preset[] = "# Units of a container, for its first boot\n"
				     "enable container-getty@.service\n"
				     "disable getty@.service\n"
				     "disable sys-kernel-config.mount\n"
				     "disable sys-kernel-debug.mount\n"
				     "disable systemd-networkd.service\n";
	int r = guest_make_dir(guest, folder, 0755, err);

	return r < 0 ? r
		     : guest_write(guest, "/etc/systemd/system-preset/00-pve.preset", preset, 0644,
				   err);
}

int setup_debian_init(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const char *unit = getty_unit(&guest);
	cleanup_(arena_free) struct arena arena = {};
	struct opt_u64 ttys = {};
	int r = conf_u64(setup->conf, &setup->conf->main, "tty", &ttys, err);

	if (r < 0 || !unit)
		return r;
	r = patch_unit(&arena, &guest, unit, err);
	if (r == 0)
		r = write_preset(&guest, err);
	if (r == 0)
		r = guest_make_dir(&guest, WANTS, 0755, err);
	for (unsigned int i = 1; r == 0 && i <= TTYS_MAX; i++)
		r = enable_getty(&arena, &guest, unit, i, i <= (ttys.set ? ttys.value : 2), err);
	return r;
}
