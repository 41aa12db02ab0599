#include "pve/setup_parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf.h"

#include <string.h>

#define SYSTEM "/etc/systemd/system"
#define WANTS  SYSTEM "/getty.target.wants"

enum { TTYS_DEFAULT = 2, TTYS_MAX = 6 };

/* Logins on the container's terminals, by systemd. */

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

static const char *replaced(struct arena *arena, const char *text, const char *old,
			    const char *replacement)
{
	const char *at = strstr(text, old);

	return at ? arena_printf(arena, "%.*s%s%s", (int)(at - text), text, replacement,
				 replaced(arena, at + strlen(old), old, replacement))
		  : text;
}

/* The terminals are "pts/N" for systemd; ours are /dev/ttyN. */
static int patch_unit(struct arena *arena, const struct guest *guest, const char *unit,
		      struct err *err)
{
	static const char *const names[] = {"pts/%I", "lxc/tty%I"};
	const char *text = guest_read(arena, guest, unit);

	for (size_t i = 0; text && i < ARRAY_SIZE(names); i++)
		text = replaced(arena, text, names[i], "tty%I");
	return text ? guest_write(guest, unit, text, 0644, err) : 0;
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

unsigned int setup_ttys(const struct setup *setup)
{
	struct opt_u64 ttys = {};

	if (conf_u64(setup->conf, &setup->conf->main, "tty", &ttys, NULL) < 0 || !ttys.set)
		return TTYS_DEFAULT;
	return (unsigned int)ttys.value;
}

int setup_container_getty(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const char *unit = getty_unit(&guest);
	cleanup_(arena_free) struct arena arena = {};
	unsigned int ttys = setup_ttys(setup);
	int r;

	if (!unit)
		return 0;
	r = patch_unit(&arena, &guest, unit, err);
	if (r == 0)
		r = guest_make_dirs(&guest, WANTS, err);
	for (unsigned int i = 1; r == 0 && i <= TTYS_MAX; i++)
		r = enable_getty(&arena, &guest, unit, i, i <= ttys, err);
	return r < 0 ? r : guest_remove(&guest, SYSTEM "/getty.target", err); /* a mask */
}

int setup_preset(const struct setup *setup, const char *more, struct err *err)
{
	static const char folder[] = "/etc/systemd/system-preset";
	static const char head[] = "# Units of a container, for its first boot\n"
				   "enable container-getty@.service\n"
				   "disable getty@.service\n"
				   "disable sys-kernel-config.mount\n"
				   "disable sys-kernel-debug.mount\n";
	const struct guest guest = setup_guest(setup);
	cleanup_(text_free) struct text text = {};
	int r = guest_make_dirs(&guest, folder, err);

	text_add(&text, head);
	text_add(&text, more);
	return r < 0 ? r
		     : guest_write(&guest, "/etc/systemd/system-preset/00-pve.preset",
				   text_str(&text), 0644, err);
}
