#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"

#include <string.h>

/* What templates of some distributions come without, or with too much. */

static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at += length)
		if ((at == text || at[-1] == '\n') && (at[length] == '\n' || !at[length]))
			return true;
	return false;
}

static void add_terminal(struct text *text, const char *old, const char *folder, const char *name)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *line = arena_printf(&arena, "%s%s", folder, name);

	if (!has_line(old, line))
		text_addf(text, "%s\n", line);
}

/* Terminals that root may log in on. */
int setup_securetty(const struct setup *setup, struct err *err)
{
	static const char *const lines[] = {"console", "tty1", "tty2", "tty3", "tty4"};
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *old = guest_read(&arena, &guest, "/etc/securetty");
	const char *folder = setup_tty_folder(setup);

	if (!old)
		return 0;
	text_add(&text, old);
	if (*old && !ends_with(old, "\n"))
		text_addc(&text, '\n');
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		add_terminal(&text, old, folder, lines[i]);
	return guest_write(&guest, "/etc/securetty", text_str(&text), 0644, err);
}

/* The name that LXC's own templates have in /etc/hosts until somebody gives another. */
int setup_forget_lxc_name(const struct setup *setup, struct err *err)
{
	static const char line[] = "127.0.1.1 LXC_NAME\n";
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *old = guest_read(&arena, &guest, "/etc/hosts");
	const char *at = old ? strstr(old, line) : NULL;

	if (!at)
		return 0;
	return guest_write(&guest, "/etc/hosts",
			   arena_printf(&arena, "%.*s%s", (int)(at - old), old, at + strlen(line)),
			   0644, err);
}

int setup_enable_networkd(const struct setup *setup, struct err *err)
{
	static const char *const links[][2] = {
		{"multi-user.target.wants", "systemd-networkd.service"},
		{"sockets.target.wants", "systemd-networkd.socket"},
	};
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(links); i++) {
		const char *folder = arena_printf(&arena, "/etc/systemd/system/%s", links[i][0]);

		r = guest_make_dirs(&guest, folder, err);
		if (r == 0)
			r = guest_link(&guest, arena_printf(&arena, "%s/%s", folder, links[i][1]),
				       arena_printf(&arena, "/lib/systemd/system/%s", links[i][1]),
				       err);
	}
	return r;
}

int setup_locale(const struct setup *setup, struct err *err)
{
	static const char path[] = "/etc/locale.conf";
	const struct guest guest = setup_guest(setup);

	return guest_exists(&guest, path) ? 0
					  : guest_write(&guest, path, "LANG=C.utf8\n", 0644, err);
}

int setup_mask_unit(const struct setup *setup, const char *unit, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *path = arena_printf(&arena, "/etc/systemd/system/%s", unit);
	int r;

	if (!setup_has_systemd(setup) || guest_exists(&guest, path))
		return 0;
	r = guest_make_dirs(&guest, "/etc/systemd/system", err);
	return r < 0 ? r : guest_link(&guest, path, "/dev/null", err);
}

/* The kernel lets nobody mount these in a user namespace: without the masks a boot is degraded. */
int setup_mask_mounts(const struct setup *setup, struct err *err)
{
	int r = setup_mask_unit(setup, "sys-kernel-config.mount", err);

	return r < 0 ? r : setup_mask_unit(setup, "sys-kernel-debug.mount", err);
}
