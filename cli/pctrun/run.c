#include "cli/pctrun/attached.h"
#include "cli/pctrun/interrupt.h"
#include "cli/pctrun/pctrun.h"

#include "lib/err.h"
#include "lib/notify.h"
#include "runtime/readiness.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct option_row options[] = {
	CREATE_OPTIONS,
	{"detach", 'd', NULL, "return once the program runs"},
	{"keep", 0, NULL, "do not delete the container when its program has ended"},
	{},
};

static int make(const struct attached *attached, const struct runtime *runtime, const char *id,
		pid_t *pid, struct err *err)
{
	return container_run(runtime, id, attached->create, pid, err);
}

static int ready_fd_of(const struct create_options *create)
{
	return create->ready_fd ? *create->ready_fd : -EBADF;
}

/* Beside what this process does until the end of the program. Without a process for it the manager
 * waits in vain, and says so. */
static void pass_readiness_on(const struct attached *attached, pid_t pid)
{
	const int ready_fd = ready_fd_of(attached->create);

	if (ready_fd < 0 || fork() != 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(readiness_pass_on(ready_fd, pid, false, -EBADF, NULL) < 0);
}

static int run_detached(const struct runtime *runtime, const char *id,
			const struct create_options *create, struct err *err)
{
	struct runtime interruptible = *runtime;
	pid_t pid;
	int r = interrupts_begin(&interruptible.cancel_fd, err);

	if (r == 0)
		r = container_run(&interruptible, id, create, &pid, err);
	return r < 0 || ready_fd_of(create) < 0 ? r
						: readiness_pass_on(*create->ready_fd, pid, true,
								    interruptible.cancel_fd, err);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *id = given->words[0];
	cleanup_close int ready_fd = -EBADF;
	struct create_options create;
	const struct attached attached = {.create = &create,
					  .make = make,
					  .made = pass_readiness_on,
					  .keep = option_flag(given, "keep")};
	int r;

	r = create_options_of(given, &create, err);
	if (r < 0)
		return r;
	create.ready_fd = notify_wanted() ? &ready_fd : NULL;
	if (option_flag(given, "detach"))
		return run_detached(runtime, id, &create, err);
	if (!option_flag(given, "no-subreaper"))
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	return attached_run(runtime, id, &attached, err);
}

const struct verb verb_run = {
	.name = "run",
	.words = "ID",
	.help = "create, start, wait for the program and delete",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.enters = true,
	.run = run,
};
