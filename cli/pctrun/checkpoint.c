#include "cli/pctrun/criu_options.h"
#include "cli/pctrun/pctrun.h"

#include "lib/err.h"
#include "lib/text.h"

#include <fcntl.h>

static const struct option_row options[] = {
	CRIU_OPTIONS,
	{"leave-running", 0, NULL, "let the container go on"},
	{"pre-dump", 0, NULL, "memory alone, and go on: the next checkpoint is short"},
	{"parent-path", 0, "DIR", "images of a --pre-dump, relative to those made now"},
	{"status-fd", 0, "N", "descriptor that gets a NUL byte once CRIU is ready"},
	{},
};

static int status_fd_of(const struct options *given, int *fd, struct err *err)
{
	const char *text = option_value(given, "status-fd");
	unsigned int number;

	*fd = -EBADF;
	if (!text)
		return 0;
	if (parse_u32(text, &number) < 0 || fcntl((int)number, F_GETFD) < 0)
		return err_plain(err, -EINVAL, "--status-fd: '%s' is no open descriptor", text);
	*fd = (int)number;
	return 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	struct checkpoint_options checkpoint = {
		.parent_path = option_value(given, "parent-path"),
		.leave_running = option_flag(given, "leave-running"),
		.pre_dump = option_flag(given, "pre-dump"),
	};
	int r;

	r = criu_options_of(given, &checkpoint.criu, err);
	if (r == 0)
		r = status_fd_of(given, &checkpoint.status_fd, err);
	return r < 0 ? r : container_checkpoint(runtime, given->words[0], &checkpoint, err);
}

const struct verb verb_checkpoint = {
	.name = "checkpoint",
	.words = "ID",
	.help = "write a running container to files, by CRIU, and delete it",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
