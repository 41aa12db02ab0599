#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/process.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>

/*
 * Two containers from one template must not be the same machine: what templates have once and
 * machines have each.
 */

/* dbus' own, where that is no link to systemd's. */
static int forget_dbus_id(const struct guest *guest, struct err *err)
{
	static const char path[] = "/var/lib/dbus/machine-id";

	return guest_is_file(guest, path) ? guest_remove(guest, path, err) : 0;
}

/* systemd makes a new one at its first boot. */
static int forget_machine_id(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r;

	if (!setup_has_systemd(setup))
		return 0;
	r = forget_dbus_id(&guest, err);
	return r < 0 ? r : guest_remove(&guest, "/etc/machine-id", err);
}

enum { CRON_FIELDS = 4, MINUTES = 59 };

/* "17 * * * * root ...": a job of root at a certain minute. */
static bool is_timed_job(const char *line)
{
	size_t length, digits = strspn(line, "0123456789");
	const char *rest = line, *word = next_word(&rest, &length);

	if (!word || word != line || digits == 0 || digits != length)
		return false;
	for (int i = 0; word && i < CRON_FIELDS + 1; i++)
		word = next_word(&rest, &length);
	return word && length == strlen("root") && starts_with(word, "root");
}

static unsigned int random_minute(void)
{
	unsigned int number = 0;

	(void)getrandom(&number, sizeof(number), 0); /* zero is a minute, too */
	return number % MINUTES;
}

static int spread_crontab(const struct setup *setup, const char *path, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *line = guest_read(&arena, &guest, path);
	bool changed = false;

	while (line && *line) {
		size_t length = strcspn(line, "\n");
		const char *copy = arena_strndup(&arena, line, length);

		if (is_timed_job(copy)) {
			text_addf(&text, "%u%s\n", random_minute(),
				  copy + strspn(copy, "0123456789"));
			changed = true;
		} else {
			text_addf(&text, "%s\n", copy);
		}
		line += length;
		line += *line == '\n';
	}
	return changed ? guest_write(&guest, path, text_str(&text), 0644, err) : 0;
}

/* Names that cron itself takes. */
static bool is_cron_name(const char *name)
{
	while (isalnum((unsigned char)*name) || *name == '-' || *name == '_')
		name++;
	return !*name;
}

/* A hundred containers must not all do their daily work in the same minute. */
static int spread_crontabs(const struct setup *setup, struct err *err)
{
	int fd = sys_open_in_root(setup->root_fd, "/etc/cron.d", O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	cleanup_(arena_free) struct arena arena = {};
	const struct dirent *entry;
	int r = spread_crontab(setup, "/etc/crontab", err);

	if (!dir)
		close_fd(fd);
	while (r == 0 && dir && (entry = readdir(dir)))
		if (is_cron_name(entry->d_name))
			r = spread_crontab(
				setup, arena_printf(&arena, "/etc/cron.d/%s", entry->d_name), err);
	if (dir)
		(void)closedir(dir);
	return r;
}

static int take_key(const struct setup *setup, const char *folder, const char *name, mode_t mode,
		    struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *text;
	int r = file_read(&arena, AT_FDCWD, arena_printf(&arena, "%s/%s", folder, name), 0, &text,
			  NULL, err);

	return r < 0 ? r
		     : guest_write(&guest, arena_printf(&arena, "/etc/ssh/%s", name), text, mode,
				   err);
}

static int make_key(const struct setup *setup, const char *folder, const char *type,
		    struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *host = setup_option(setup, "hostname");
	const char *name = arena_printf(&arena, "ssh_host_%s_key", type);
	const char *comment = arena_printf(&arena, "root@%.*s", (int)strcspn(host ? host : "", "."),
					   host ? host : "");
	const char *const argv[] = {
		"ssh-keygen", "-q", "-t",    type, "-N",
		"",           "-C", comment, "-f", arena_printf(&arena, "%s/%s", folder, name),
		NULL};
	int r = process_run(argv, NULL, err);

	if (r == 0)
		r = take_key(setup, folder, name, 0600, err);
	return r < 0 ? r : take_key(setup, folder, arena_printf(&arena, "%s.pub", name), 0644, err);
}

/* Made by the host's tool, in a folder of ours: nothing of the guest's runs here. */
static int make_ssh_keys(const struct setup *setup, struct err *err)
{
	static const char *const types[] = {"rsa", "ecdsa", "ed25519"};
	const struct guest guest = setup_guest(setup);
	char folder[] = "/run/pctrun-keys.XXXXXX";
	int r = 0;

	if (!guest_exists(&guest, "/etc/ssh"))
		return 0;
	if (!mkdtemp(folder))
		return err_set(err, -errno, "make a folder in /run");
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(types); i++)
		r = make_key(setup, folder, types[i], err);
	(void)remove_tree(AT_FDCWD, folder); /* only we can see into it */
	if (r != -ENOENT)
		return r;
	err_clear(err);
	setup_warn(setup, "no ssh-keygen on this host: the container's SSH host keys are those of "
			  "its template; install openssh-client");
	return 0;
}

int setup_new_machine(const struct setup *setup, struct err *err)
{
	int r = forget_machine_id(setup, err);

	if (r == 0)
		r = spread_crontabs(setup, err);
	return r < 0 ? r : make_ssh_keys(setup, err);
}

/* Not removed: that would be a first boot, with all that is set up at one. */
int setup_clone(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *id = guest_read(&arena, &guest, "/etc/machine-id");
	int r;

	if (!setup_has_systemd(setup))
		return 0;
	r = forget_dbus_id(&guest, err);
	if (r < 0 || !id || !*id || starts_with(id, "uninitialized"))
		return r;
	return guest_write(&guest, "/etc/machine-id", "\n", 0444, err);
}
