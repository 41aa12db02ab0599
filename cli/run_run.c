#include "cli/pctrun.h"
#include "cli/wait.h"

#include "lib/err.h"

#include <sys/prctl.h>

static const struct option_row options[] = {
	CREATE_OPTIONS,
	{"detach", 'd', NULL, "return once the program runs"},
	{"keep", 0, NULL, "do not delete the container when its program has ended"},
	{},
};

static int run_attached(const struct runtime *runtime, const char *id, pid_t pid, int signal_fd,
			bool keep, struct err *err)
{
	int status = 0, r;

	r = container_start(runtime, id, err);
	if (r == 0)
		r = wait_forwarding(pid, signal_fd, &status, err);
	if (!keep || r < 0) {
		int deleted = container_delete(runtime, id, true, r < 0 ? NULL : err);

		if (r == 0)
			r = deleted;
	}
	return r < 0 ? r : exit_status_of(status);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_close int signal_fd = -EBADF;
	const char *id = given->words[0];
	struct create_options create;
	pid_t pid;
	int r;

	r = create_options_of(given, &create, err);
	if (r < 0)
		return r;
	create.detach = option_flag(given, "detach");
	if (!create.detach) {
		if (!option_flag(given, "no-subreaper"))
			(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
		signal_fd = signals_open(err);
		if (signal_fd < 0)
			return signal_fd;
	}
	r = container_create(runtime, id, &create, &pid, err);
	if (r < 0)
		return r;
	if (!create.detach)
		return run_attached(runtime, id, pid, signal_fd, option_flag(given, "keep"), err);
	r = container_start(runtime, id, err);
	if (r < 0)
		(void)container_delete(runtime, id, true, NULL);
	return r;
}

const struct verb verb_run = {
	.name = "run",
	.words = "ID",
	.help = "create, start, wait for the program and delete",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
