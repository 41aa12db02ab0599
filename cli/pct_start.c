#include "cli/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "pve/facts.h"
#include "pve/setup.h"
#include "pve/translate.h"
#include "runtime/monitor.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const struct option_row options[] = {
	{"debug", 0, NULL, "print each step as it is applied"},
	{"skiplock", 0, NULL, "start although the config has a lock"},
	{"accept-unenforced", 0, "LIST",
	 "go on without what this host can't enforce; all, or words"},
	{},
};

static void step_line(void *data, const char *line)
{
	(void)fprintf(stderr, "%s\n", line);
}

static int may_start(struct pct *pct, const char *id, const struct pve_conf *conf, bool skiplock,
		     struct err *err)
{
	const char *lock = conf_value(&conf->main, "lock");
	const char *template = conf_value(&conf->main, "template");

	if (pct_running(pct, id))
		return err_plain(err, -EBUSY, "CT %s already running", id);
	if (template && strcmp(template, "1") == 0)
		return err_plain(err, -EINVAL, "you can't start a CT if it's a template");
	if (lock && *lock && strcmp(lock, "mounted") != 0 && !skiplock)
		return err_plain(err, -EBUSY, "CT is locked (%s)", lock);
	return 0;
}

/* What the translation itself can't do counts as what the host can't: it has to be accepted. */
static int check_notices(struct pct *pct, const struct pve_notices *notices, struct err *err)
{
	for (size_t i = 0; i < notices->count; i++) {
		const struct pve_notice *notice = &notices->items[i];

		if (notice->unenforced && !pct->runtime.accept) {
			err_plain(err, -ENOTSUP, "%s [%s]", notice->text, notice->what);
			err_origin(err, notice->origin);
			err_hint(err, "--accept-unenforced all starts it without");
			return -ENOTSUP;
		}
		(void)fprintf(stderr, "WARN: %s (from %s)\n", notice->text, notice->origin);
	}
	return 0;
}

static int write_bundle(struct pct *pct, const struct oci_spec *spec, const char *folder,
			struct err *err)
{
	cleanup_free char *text = oci_spec_write(spec);
	int r = make_dirs(folder, 0700);

	if (r < 0)
		return err_set(err, r, "make %s", folder);
	return file_replace(AT_FDCWD, arena_printf(pct->arena, "%s/config.json", folder), text,
			    strlen(text), 0600, false, err);
}

static void leave_terminal(void)
{
	cleanup_close int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	(void)chdir("/");
	for (int fd = 0; null_fd >= 0 && fd < 3; fd++)
		(void)dup2(null_fd, fd);
}

/* The monitor's process. A container that reboots is started from its config again. */
static _Noreturn void be_monitor(struct pct *pct, const char *id, const char *bundle, int ready_fd)
{
	struct err err = {};
	bool reboot = false;
	int r;

	leave_terminal();
	r = monitor_run(&pct->runtime, id, bundle, ready_fd, &reboot, &err);
	if (r == 0 && reboot)
		(void)execl("/proc/self/exe", "pct", "start", id, "--accept-unenforced",
			    pct->runtime.accept ? pct->runtime.accept : "", NULL);
	_exit(r < 0);
}

static int start_monitor(struct pct *pct, const char *id, const char *bundle, struct err *err)
{
	cleanup_close int ready_fd = -EBADF;
	int fds[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "start the monitor");
	ready_fd = fds[0];
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		be_monitor(pct, id, bundle, fds[1]);
	close_fd(fds[1]);
	if (pid < 0)
		return err_set(err, -errno, "start the monitor");
	do
		n = read(ready_fd, err, sizeof(*err));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	(void)waitpid(pid, NULL, 0);
	if (n != sizeof(*err))
		return err_plain(err, -EPIPE, "startup for container '%s' failed", id);
	err_add(err, "start %s", id);
	return -err->num;
}

/* As Proxmox does before each start: the guest's files follow the config. */
static int set_up(struct pct *pct, const struct translation *translation, struct err *err)
{
	const struct pve_volume *root = pve_facts_volume(translation->facts, "rootfs");
	struct setup setup = {.conf = &translation->conf, .warn = pct_warn};

	if (!root)
		return 0;
	setup_ask_host(pct->arena, &setup);
	return setup_volume(root->path, &setup, err);
}

static int start(struct pct *pct, const char *id, struct translation *translation, bool skiplock,
		 struct err *err)
{
	const char *bundle = arena_printf(pct->arena, "%s/.bundle/%s", pct->runtime.root, id);
	int r;

	r = pct_translate(pct, id, bundle, translation, err);
	if (r == 0)
		r = may_start(pct, id, &translation->conf, skiplock, err);
	if (r == 0)
		r = check_notices(pct, translation->notices, err);
	if (r == 0 && translation->pending) /* done, as far as the config goes */
		r = etc_save(&pct->etc, &translation->conf, err);
	if (r == 0) /* what a monitor that was killed has left */
		r = container_delete(&pct->runtime, id, true, err);
	if (r == 0)
		r = set_up(pct, translation, err);
	if (r == 0)
		r = write_bundle(pct, translation->spec, bundle, err);
	return r < 0 ? r : start_monitor(pct, id, bundle, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	struct translation translation = {};
	const char *id = given->words[0];
	int r;

	pct->runtime.accept = option_value(given, "accept-unenforced");
	if (!pct->runtime.accept)
		pct->runtime.accept = getenv("PCTRUN_ACCEPT_UNENFORCED");
	pct->runtime.warn = pct_warn;
	if (option_flag(given, "debug"))
		pct->runtime.plan_line = step_line;
	if (pct_running(pct, id))
		return err_plain(err, -EBUSY, "CT %s already running", id);
	r = etc_lock(&pct->etc, id, LOCK_SECONDS, NULL, &lock, err);
	if (r == 0)
		r = start(pct, id, &translation, option_flag(given, "skiplock"), err);
	conf_free(&translation.conf);
	return r;
}

const struct pct_verb pct_start = {
	.name = "start",
	.words = "<vmid>",
	.help = "start a container",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
