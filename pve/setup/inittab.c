#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"

#include <string.h>

#define INITTAB "/etc/inittab"

/*
 * inittab(5) of sysvinit and of busybox: lines for the container's terminals instead of those
 * that start a getty, and what a halt signal means.
 */

static bool starts_getty(const char *line, size_t length)
{
	const char *getty = memmem(line, length, "getty", strlen("getty"));

	return *line != '#' && getty;
}

/* "pf::powerwait:...": ids of sysvinit for power that fails, and comes back. */
static bool is_power(const char *line, size_t length)
{
	return length > 3 && *line == 'p' && strchr("fno0", line[1]) && line[2] == ':';
}

static void keep_lines(struct text *text, const char *old, bool (*replaced)(const char *, size_t),
		       bool (*also)(const char *, size_t))
{
	for (const char *line = old; *line;) {
		size_t length = strcspn(line, "\n");

		if (!replaced(line, length) && !(also && also(line, length)))
			text_addf(text, "%.*s\n", (int)length, line);
		line += length;
		line += *line == '\n';
	}
}

static int change(const struct setup *setup,
		  void (*rewrite)(struct text *, const struct setup *, const char *old),
		  struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *old = guest_read(&arena, &guest, INITTAB);

	if (!old)
		return 0;
	rewrite(&text, setup, old);
	return guest_write(&guest, INITTAB, text_str(&text), 0644, err);
}

/* sysvinit takes SIGPWR for a power failure: that halts the container. */
static void rewrite_sysvinit(struct text *text, const struct setup *setup, const char *old)
{
	unsigned int ttys = setup_ttys(setup);
	bool old_getty = setup_version(setup) < 7; /* sarge to etch: no --noclear */

	keep_lines(text, old, starts_getty, is_power);
	text_add(text, "p0::powerfail:/sbin/init 0\n");
	for (unsigned int i = 1; i <= ttys; i++)
		text_addf(text, "%u:%s:respawn:/sbin/getty %s 38400 tty%u\n", i,
			  i == 1 ? "2345" : "23", old_getty ? "-L" : "--noclear", i);
}

/* Gentoo's own lines are "c1:12345:respawn:/sbin/agetty 38400 tty1 linux". */
static void rewrite_gentoo(struct text *text, const struct setup *setup, const char *old)
{
	unsigned int ttys = setup_ttys(setup);

	keep_lines(text, old, starts_getty, NULL);
	for (unsigned int i = 1; i <= ttys; i++)
		text_addf(text, "%u:12345:respawn:/sbin/agetty 38400 tty%u linux\n", i, i);
}

static void rewrite_busybox(struct text *text, const struct setup *setup, const char *old)
{
	unsigned int ttys = setup_ttys(setup);

	keep_lines(text, old, starts_getty, NULL);
	for (unsigned int i = 1; i <= ttys; i++)
		text_addf(text, "tty%u::respawn:/sbin/getty 38400 tty%u\n", i, i);
}

int setup_inittab_sysvinit(const struct setup *setup, struct err *err)
{
	return change(setup, rewrite_sysvinit, err);
}

int setup_inittab_gentoo(const struct setup *setup, struct err *err)
{
	return change(setup, rewrite_gentoo, err);
}

int setup_inittab_busybox(const struct setup *setup, struct err *err)
{
	return change(setup, rewrite_busybox, err);
}
