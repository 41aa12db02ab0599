#include "cli/pctrun/interrupt.h"
#include "cli/pctrun/pctrun.h"

#include "lib/err.h"
#include "lib/notify.h"
#include "lib/text.h"

enum { FDS_MAX = 1 << 20 }; /* fs.nr_open as the kernel has it */

static const struct option_row options[] = {CREATE_OPTIONS, {}};

int create_options_of(const struct options *given, struct create_options *create, struct err *err)
{
	const char *fds = option_value(given, "preserve-fds"), *listen = getenv("LISTEN_FDS");

	*create = (struct create_options){
		.bundle = option_value(given, "bundle"),
		.config = option_value(given, "config"),
		.pid_file = option_value(given, "pid-file"),
		.console_socket = option_value(given, "console-socket"),
		.console_fd = -EBADF,
		.tty_fd = -EBADF,
		.pidfd_socket = option_value(given, "pidfd-socket"),
		.no_pivot = option_flag(given, "no-pivot"),
		.no_new_keyring = option_flag(given, "no-new-keyring"),
	};
	if (fds && (parse_u32(fds, &create->preserve_fds) < 0 || create->preserve_fds > FDS_MAX))
		return err_plain(err, -EINVAL, "--preserve-fds: '%s' is no number", fds);
	if (listen && (parse_u32(listen, &create->listen_fds) < 0 ||
		       create->listen_fds > FDS_MAX - create->preserve_fds))
		return err_plain(err, -EINVAL, "LISTEN_FDS: '%s' is no number of descriptors",
				 listen);
	create->preserve_fds += create->listen_fds;
	return 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	struct runtime interruptible = *runtime;
	struct create_options create;
	cleanup_close int ready_fd = -EBADF; /* start makes another one */
	pid_t pid;
	int r;

	r = create_options_of(given, &create, err);
	create.ready_fd = notify_wanted() ? &ready_fd : NULL;
	if (r == 0)
		r = interrupts_begin(&interruptible.cancel_fd, err);
	return r < 0 ? r : container_create(&interruptible, given->words[0], &create, &pid, err);
}

const struct verb verb_create = {
	.name = "create",
	.words = "ID",
	.help = "make a container from a bundle; start lets its program run",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.enters = true,
	.run = run,
};
