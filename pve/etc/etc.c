#include "pve/etc/etc.h"

#include "lib/err.h"
#include "lib/fault.h"
#include "lib/file.h"
#include "lib/sha1.h"
#include "lib/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

void etc_find(struct arena *arena, const char *given, struct etc *etc)
{
	const char *folder = given ? given : getenv("PCTRUN_ETC");

	*etc = (struct etc){};
	if (folder && *folder) {
		etc->folder = arena_strdup(arena, folder);
		etc->lock_folder = arena_printf(arena, "%s/lock", folder);
		return;
	}
	etc->folder = access("/etc/pve", F_OK) == 0 ? "/etc/pve" : "/etc/pctrun";
}

static void conf_path(const struct etc *etc, const char *id, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/lxc/%s.conf", etc->folder, id);
}

/* New texts of a config whose writers were killed before they were put in its place: with the lock
 * held they are nobody's. */
static void forget_halves(const struct etc *etc, const char *id)
{
	char folder[PATH_MAX], prefix[64];
	struct dirent *entry;
	DIR *dir;

	(void)snprintf(folder, sizeof(folder), "%s/lxc", etc->folder);
	(void)snprintf(prefix, sizeof(prefix), "%s.conf.tmp.", id);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)))
		if (starts_with(entry->d_name, prefix))
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

int etc_lock(const struct etc *etc, const char *id, unsigned int seconds, const struct lock *holder,
	     struct lock *lock, struct err *err)
{
	int r = lock_config(etc->lock_folder, id, seconds, holder, lock, err);

	if (r == 0)
		forget_halves(etc, id);
	return r;
}

bool etc_exists(const struct etc *etc, const char *id)
{
	char path[PATH_MAX];

	conf_path(etc, id, path);
	return access(path, F_OK) == 0;
}

int etc_load(const struct etc *etc, const char *id, struct pve_conf *conf, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text;
	char path[PATH_MAX];
	size_t length;
	int r;

	*conf = (struct pve_conf){};
	conf_path(etc, id, path);
	r = file_read(&arena, AT_FDCWD, path, 0, &text, &length, err);
	if (r == -ENOENT)
		return err_plain(err, r, "Configuration file '%s' does not exist", path);
	if (r < 0)
		return r;
	return conf_read(conf, id, text, length, false, err);
}

/* What the file has now: "" when there is none, as conf_init() leaves it. */
static int file_digest(const char *path, char digest[41], struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text;
	size_t length;
	int r;

	digest[0] = '\0';
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	r = file_read(&arena, AT_FDCWD, path, 0, &text, &length, err);
	if (r == 0)
		sha1_hex(text, length, digest);
	return r;
}

static int check_digest(const struct pve_conf *conf, const char *path, struct err *err)
{
	char digest[41], empty[41];
	int r = file_digest(path, digest, err);

	if (r < 0)
		return r;
	sha1_hex("", 0, empty);
	if (strcmp(digest, conf->digest) == 0)
		return 0;
	if (!*digest && strcmp(conf->digest, empty) == 0)
		return 0;
	err_plain(err, -EBUSY, "%s: changed by another program since it was read", path);
	err_hint(err, "look at the change and try again");
	return -EBUSY;
}

int etc_save(const struct etc *etc, struct pve_conf *conf, struct err *err)
{
	cleanup_(text_free) struct text text = {};
	char path[PATH_MAX], folder[PATH_MAX];
	int r;

	(void)snprintf(folder, sizeof(folder), "%s/lxc", etc->folder);
	conf_path(etc, conf->id, path);
	r = make_dirs(folder, 0755, err);
	if (r < 0)
		return r;
	r = check_digest(conf, path, err);
	if (r == 0)
		r = fault_point("change", err);
	if (r == 0)
		r = conf_write(conf, &text, err);
	if (r == 0)
		r = file_replace(AT_FDCWD, path, text_str(&text), text.length, 0640, true, err);
	if (r == 0)
		sha1_hex(text_str(&text), text.length, conf->digest);
	return r;
}

int etc_remove(const struct etc *etc, const char *id, struct err *err)
{
	char path[PATH_MAX];

	conf_path(etc, id, path);
	if (unlink(path) < 0 && errno != ENOENT)
		return err_set(err, -errno, "remove %s", path);
	return 0;
}

static int only_configs(const struct dirent *entry)
{
	size_t digits = strspn(entry->d_name, "0123456789");

	return digits > 0 && strcmp(entry->d_name + digits, ".conf") == 0;
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	unsigned long x = strtoul((*a)->d_name, NULL, 10), y = strtoul((*b)->d_name, NULL, 10);

	return (x > y) - (x < y);
}

int etc_list(struct arena *arena, const struct etc *etc, const char ***ids, struct err *err)
{
	struct dirent **entries = NULL;
	char folder[PATH_MAX];
	int count;

	(void)snprintf(folder, sizeof(folder), "%s/lxc", etc->folder);
	count = scandir(folder, &entries, only_configs, by_number);
	if (count < 0 && errno != ENOENT)
		return err_set(err, -errno, "list %s", folder);
	*ids = arena_array(arena, (size_t)(count < 0 ? 0 : count) + 1, sizeof(**ids));
	for (int i = 0; i < count; i++) {
		(*ids)[i] = arena_strndup(arena, entries[i]->d_name,
					  strlen(entries[i]->d_name) - strlen(".conf"));
		free(entries[i]);
	}
	free(entries);
	return 0;
}
