#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"

#include <string.h>

/* upstart's jobs (init(5)) of Ubuntu 12.04 and 14.04 and of CentOS 6. */

enum { TTYS_MAX = 6 };

static int set_ubuntu_tty(const struct setup *setup, unsigned int number, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *path = arena_printf(&arena, "/etc/init/tty%u.conf", number);

	if (number > setup_ttys(setup))
		return guest_remove(&guest, path, err);
	return guest_write(&guest, path,
			   arena_printf(&arena,
					"start on stopped rc RUNLEVEL=[2345]\n"
					"stop on runlevel [!2345]\n"
					"respawn\n"
					"exec /sbin/getty -8 38400 tty%u\n",
					number),
			   0644, err);
}

int setup_upstart_ubuntu(const struct setup *setup, struct err *err)
{
	int r = 0;

	for (unsigned int i = 1; r == 0 && i <= TTYS_MAX; i++)
		r = set_ubuntu_tty(setup, i, err);
	return r;
}

/* A container has no devices of its own to be found. */
static int skip_udev(const struct setup *setup, struct err *err)
{
	static const char path[] = "/etc/rc.sysinit", start[] = "/sbin/start_udev";
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *old = guest_read(&arena, &guest, path);
	const char *at = old ? strstr(old, start) : NULL;

	if (!at || (at != old && at[-1] == '#'))
		return 0;
	return guest_write(&guest, path, arena_printf(&arena, "%.*s#%s", (int)(at - old), old, at),
			   0755, err);
}

int setup_upstart_centos_first(const struct setup *setup, struct err *err)
{
	static const char power[] = "start on power-status-changed\n"
				    "exec /sbin/shutdown -h now \"the container is shut down\"\n";
	static const char tty[] = "stop on runlevel [S016]\n"
				  "respawn\n"
				  "instance $TTY\n"
				  "exec /sbin/mingetty --nohangup $TTY\n"
				  "usage 'tty TTY=/dev/ttyX'\n";
	const struct guest guest = setup_guest(setup);
	int r = guest_make_dirs(&guest, "/etc/init", err);

	if (r == 0)
		r = guest_write(&guest, "/etc/init/power-status-changed.conf", power, 0644, err);
	if (r == 0)
		r = guest_write(&guest, "/etc/init/tty.conf", tty, 0644, err);
	return r < 0 ? r : skip_udev(setup, err);
}

int setup_upstart_centos_ttys(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	unsigned int ttys = setup_ttys(setup);
	cleanup_(text_free) struct text text = {};
	int r = guest_make_dirs(&guest, "/etc/init", err);

	text_add(&text, "start on stopped rc RUNLEVEL=[2345]\n"
			"task\n"
			"script\n"
			"\tfor tty in");
	for (unsigned int i = 1; i <= ttys; i++)
		text_addf(&text, " /dev/tty%u", i);
	text_add(&text, "; do\n"
			"\t\tinitctl start tty TTY=$tty\n"
			"\tdone\n"
			"end script\n");
	return r < 0 ? r
		     : guest_write(&guest, "/etc/init/start-ttys.conf", text_str(&text), 0644, err);
}
