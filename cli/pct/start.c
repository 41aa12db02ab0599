#include "cli/pct/launch.h"
#include "cli/pct/options.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"
#include "lib/err.h"
#include "pve/volumes/volumes.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"debug", 0, PCT_BOOLEAN, "print each step as it is applied"},
	{"skiplock", 0, NULL, "start although the config has a lock"},
	{"foreground", 0, NULL,
	 "stay until the container has ended, as a service manager wants it"},
	{"trace", 0, "FILE", "write a time line of the steps: pctrun trace FILE prints it"},
	{"accept-unenforced", 0, "LIST",
	 "go on without what this host can't enforce; all, or words"},
	{},
};

/* Both sides of the start write here: a descriptor that no program inside inherits. */
static void step_line(void *data, const char *line)
{
	(void)dprintf(*(const int *)data, "%s\n", line);
}

static void print_steps(struct launch *launch)
{
	launch->steps_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	launch->pct->runtime.plan_line = step_line;
	launch->pct->runtime.plan_line_data = &launch->steps_fd;
}

static int open_trace(struct pct *pct, const char *file, struct err *err)
{
	if (!file)
		return 0;
	pct->runtime.trace_fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return pct->runtime.trace_fd < 0 ? err_set(err, -errno, "open %s", file) : 0;
}

static bool wants_debug(const struct options *given, const struct pve_conf *conf)
{
	const char *value = option_value(given, "debug");

	value = value ? value : conf_value(&conf->main, "debug");
	return value && strcmp(value, "1") == 0;
}

static int may_start(const struct power *power, bool skiplock, struct err *err)
{
	const char *template = conf_value(&power->conf.main, "template");

	if (pct_running(power->pct, power->id))
		return err_plain(err, -EBUSY, "CT %s already running", power->id);
	if (template && strcmp(template, "1") == 0) {
		err_plain(err, -EINVAL, "you can't start a CT if it's a template");
		err_origin(err, conf_origin(power->pct->arena, &power->conf,
					    conf_find(&power->conf.main, "template")));
		return -EINVAL;
	}
	return skiplock ? 0 : power_check_lock(power, false, err);
}

/* What `pct mount` has mounted: a file system has one user. The lock stays for `pct unmount`. */
static int unmount_volumes(struct power *power, struct err *err)
{
	const char *lock = conf_value(&power->conf.main, "lock");

	if (!lock || strcmp(lock, "mounted") != 0)
		return 0;
	return volumes_unmount(volumes_place(power->pct->arena, &power->pct->etc, power->id), err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	struct launch launch = {
		.pct = pct,
		.id = given->words[0],
		.lock = &power.lock,
		.steps_fd = -EBADF,
		.foreground = option_flag(given, "foreground"),
	};
	int r;

	r = pct_accept(pct, given, err);
	if (r == 0)
		r = open_trace(pct, option_value(given, "trace"), err);
	if (r == 0)
		r = pct_exists(pct, launch.id, err);
	if (r == 0 && pct_running(pct, launch.id))
		return err_plain(err, -EBUSY, "CT %s already running", launch.id);
	if (r == 0)
		r = power_begin(&power, pct, launch.id, err);
	if (r == 0)
		r = may_start(&power, option_flag(given, "skiplock"), err);
	if (r == 0)
		r = unmount_volumes(&power, err);
	if (r == 0 && wants_debug(given, &power.conf))
		print_steps(&launch);
	return r < 0 ? r : launch_container(&launch, err);
}

const struct pct_verb pct_start = {
	.name = "start",
	.words = "<vmid>",
	.help = "start a container",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.enters = true,
	.reports = true,
	.run = run,
};
