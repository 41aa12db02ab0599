#include "pve/verbs/hookscript.h"

#include "lib/err.h"
#include "lib/process_limit.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/etc/etc.h"
#include "pve/storage/storage.h"

#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

static int find_script(struct arena *arena, const struct etc *etc, const char *volume,
		       const char **path, struct err *err)
{
	const char *colon = strchr(volume, ':');
	struct storages storages;
	struct stat st;
	int r;

	if (!colon || !starts_with(colon + 1, "snippets/"))
		return err_wrong(err, "write STORAGE:snippets/NAME",
				 "'%s' is not in the snippets directory", volume);
	r = storage_read(arena, etc, &storages, err);
	if (r == 0)
		r = storage_path(arena, &storages, volume, path, err);
	if (r < 0)
		return r;
	if (stat(*path, &st) < 0 || !S_ISREG(st.st_mode)) {
		err_plain(err, -ENOENT, "script '%s' does not exist", volume);
		err_hint(err, "create %s, or take hookscript out of the config", *path);
		return -ENOENT;
	}
	if (access(*path, X_OK) < 0) {
		err_plain(err, -EACCES, "script '%s' is not executable", volume);
		err_hint(err, "chmod +x %s", *path);
		return -EACCES;
	}
	return 0;
}

static int wait_script(pid_t pid, const char *path, struct err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for %s", path);
	if (WIFSIGNALED(status))
		return err_plain(err, -ECANCELED, "%s: ended by signal %d", path, WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return err_plain(err, -ECANCELED, "%s: exit status %d", path, WEXITSTATUS(status));
	return 0;
}

/* A monitor blocks the signals that it reads: the script must not. */
static int run_script(const char *path, const char *id, const char *phase, struct err *err)
{
	char *const argv[] = {(char *)path, (char *)id, (char *)phase, NULL};
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid;
	int r;

	(void)sigemptyset(&none);
	r = posix_spawnattr_init(&attributes);
	if (r != 0)
		return err_set(err, -r, "run %s", path);
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	r = posix_spawn(&pid, path, NULL, &attributes, argv, environ);
	(void)posix_spawnattr_destroy(&attributes);
	if (r == 0)
		return wait_script(pid, path, err);
	err_set(err, -r, "run %s", path);
	process_limit(-EBADF, err);
	return -r;
}

int hookscript_check(const struct etc *etc, const struct pve_conf *conf, struct err *err)
{
	const struct pve_entry *entry = conf_find(&conf->main, "hookscript");
	cleanup_(arena_free) struct arena arena = {};
	const char *path;

	return entry ? find_script(&arena, etc, entry->value, &path, err) : 0;
}

int hookscript_run(const struct etc *etc, const struct pve_conf *conf, const char *phase,
		   struct err *err)
{
	const struct pve_entry *entry = conf_find(&conf->main, "hookscript");
	cleanup_(arena_free) struct arena arena = {};
	const char *path;
	int r;

	if (!entry)
		return 0;
	r = find_script(&arena, etc, entry->value, &path, err);
	if (r == 0) {
		r = run_script(path, conf->id, phase, err);
		err_hint(err, "run it by hand: %s %s %s", path, conf->id, phase);
	}
	if (r < 0) {
		err_add(err, "hookscript error for %s on %s", conf->id, phase);
		err_origin(err, conf_origin(&arena, conf, entry));
	}
	return r;
}
