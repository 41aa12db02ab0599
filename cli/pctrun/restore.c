#include "cli/pctrun/attached.h"
#include "cli/pctrun/criu_options.h"
#include "cli/pctrun/interrupt.h"
#include "cli/pctrun/pctrun.h"

#include "lib/err.h"

#include <sys/prctl.h>

static const struct option_row options[] = {
	CRIU_OPTIONS,
	{"bundle", 'b', "DIR", "folder of config.json and the root file system (default: .)"},
	{"console-socket", 0, "PATH", "socket that gets the terminal's other end"},
	{"pid-file", 0, "FILE", "file that the process id is written to"},
	{"detach", 'd', NULL, "return once it runs"},
	{"lsm-profile", 0, "TYPE:NAME", "another profile: selinux:LABEL or apparmor:NAME"},
	{"lsm-mount-context", 0, "LABEL", "another SELinux label of its mounts"},
	{"no-pivot", 0, NULL, "accepted for compatibility: CRIU always pivots"},
	{"no-subreaper", 0, NULL, "accepted for compatibility"},
	{"parent-path", 0, "DIR", "accepted for compatibility: the images name their parent"},
	{"leave-running", 0, NULL, "accepted for compatibility"},
	{},
};

static int options_of(const struct options *given, struct restore_options *restore, struct err *err)
{
	*restore = (struct restore_options){
		.create =
			{
				.bundle = option_value(given, "bundle"),
				.pid_file = option_value(given, "pid-file"),
				.console_socket = option_value(given, "console-socket"),
				.console_fd = -EBADF,
				.tty_fd = -EBADF,
			},
		.lsm_profile = option_value(given, "lsm-profile"),
		.lsm_mount_context = option_value(given, "lsm-mount-context"),
	};
	return criu_options_of(given, &restore->criu, err);
}

static int make(const struct attached *attached, const struct runtime *runtime, const char *id,
		pid_t *pid, struct err *err)
{
	const struct restore_options *restore =
		container_of(attached->create, struct restore_options, create);

	return container_restore(runtime, id, restore, pid, err);
}

static int restore_detached(const struct runtime *runtime, const char *id,
			    const struct restore_options *restore, struct err *err)
{
	struct runtime interruptible = *runtime;
	pid_t pid;
	int r = interrupts_begin(&interruptible.cancel_fd, err);

	return r < 0 ? r : container_restore(&interruptible, id, restore, &pid, err);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	struct restore_options restore;
	const struct attached attached = {.create = &restore.create, .make = make};
	int r;

	r = options_of(given, &restore, err);
	if (r < 0)
		return r;
	if (option_flag(given, "detach"))
		return restore_detached(runtime, given->words[0], &restore, err);
	if (!option_flag(given, "no-subreaper"))
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	return attached_run(runtime, given->words[0], &attached, err);
}

const struct verb verb_restore = {
	.name = "restore",
	.words = "ID",
	.help = "make a container from a checkpoint's files; it goes on",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.run = run,
};
