#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/conf.h"

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

/* Where the terminals of a privileged container are; these distributions' have no such folder. */
const char *setup_tty_folder(const struct setup *setup)
{
	static const char *const flat[] = {"alpine", "debian", "devuan", "gentoo", "ubuntu"};

	for (size_t i = 0; i < ARRAY_SIZE(flat); i++)
		if (strcmp(setup->ostype, flat[i]) == 0)
			return "";
	return conf_unprivileged(&setup->conf->main) ? "" : "lxc/";
}

/* The terminals are "pts/N" for systemd; ours are /dev/ttyN or /dev/lxc/ttyN. */
static int patch_unit(const struct setup *setup, const char *unit, struct err *err)
{
	static const char *const names[] = {"pts/%I", "lxc/tty%I"};
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *text = guest_read(&arena, &guest, unit);
	const char *ours = arena_printf(&arena, "%stty%%I", setup_tty_folder(setup));

	for (size_t i = 0; text && i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], ours) != 0)
			text = replaced(&arena, text, names[i], ours);
	return text ? guest_write(&guest, unit, text, 0644, err) : 0;
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
	r = patch_unit(setup, unit, err);
	if (r == 0)
		r = guest_make_dirs(&guest, WANTS, err);
	for (unsigned int i = 1; r == 0 && i <= TTYS_MAX; i++)
		r = enable_getty(&arena, &guest, unit, i, i <= ttys, err);
	return r < 0 ? r : guest_remove(&guest, SYSTEM "/getty.target", err); /* a mask */
}

/* systemd without a unit for containers' terminals starts getty@ where there is a /dev/tty0. */
int setup_getty_condition(const struct setup *setup, struct err *err)
{
	static const char before[] = "ConditionPathExists=/dev/tty0";
	static const char after[] = "ConditionPathExists=/dev/tty\n";
	static const char unit[] = "/usr/lib/systemd/system/getty@.service";
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *text = guest_read(&arena, &guest, unit);

	if (!text)
		return 0;
	text = getty_unit(&guest)
		       ? replaced(&arena, text, after, arena_printf(&arena, "%s\n", before))
		       : replaced(&arena, text, arena_printf(&arena, "%s\n", before), after);
	return guest_write(&guest, unit, text, 0644, err);
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
