#include "pve/setup_parts.h"

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

/* Terminals that root may log in on. */
int setup_securetty(const struct setup *setup, struct err *err)
{
	static const char *const lines[] = {"console", "tty1", "tty2", "tty3", "tty4"};
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *old = guest_read(&arena, &guest, "/etc/securetty");

	if (!old)
		return 0;
	text_add(&text, old);
	if (*old && !ends_with(old, "\n"))
		text_addc(&text, '\n');
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (!has_line(old, lines[i]))
			text_addf(&text, "%s\n", lines[i]);
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

/* The kernel lets nobody mount these in a user namespace: without the masks a boot is degraded. */
int setup_mask_mounts(const struct setup *setup, struct err *err)
{
	static const char *const units[] = {"sys-kernel-config.mount", "sys-kernel-debug.mount"};
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	int r = setup_has_systemd(setup) ? guest_make_dirs(&guest, "/etc/systemd/system", err) : 1;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(units); i++) {
		const char *path = arena_printf(&arena, "/etc/systemd/system/%s", units[i]);

		if (!guest_exists(&guest, path))
			r = guest_link(&guest, path, "/dev/null", err);
	}
	return r < 0 ? r : 0;
}
