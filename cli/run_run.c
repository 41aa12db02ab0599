#include "cli/pctrun.h"

#include "lib/err.h"
#include "lib/sys.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

static const struct option_row options[] = {
	CREATE_OPTIONS,
	{"detach", 'd', NULL, "return once the program runs"},
	{"keep", 0, NULL, "do not delete the container when its program has ended"},
	{},
};

enum { SIGNAL_STATUS = 128 };

/* What is sent to us is meant for the program; its end is what we wait for. */
static int wait_forwarding(pid_t pid, int signal_fd, int *status)
{
	struct signalfd_siginfo signal;
	pid_t ended;

	for (;;) {
		while ((ended = waitpid(-1, status, WNOHANG)) > 0)
			if (ended == pid)
				return 0;
		if (ended < 0 && errno == ECHILD)
			return -ECHILD;
		if (read(signal_fd, &signal, sizeof(signal)) != sizeof(signal))
			continue;
		if (signal.ssi_signo != SIGCHLD)
			(void)kill(pid, (int)signal.ssi_signo); /* it may be gone: waitpid says */
	}
}

static int open_signals(struct err *err)
{
	sigset_t all;
	int fd;

	(void)sigfillset(&all);
	(void)sigdelset(&all, SIGPIPE);
	(void)sigdelset(&all, SIGURG);
	(void)sigdelset(&all, SIGTTIN);
	(void)sigdelset(&all, SIGTTOU);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	fd = signalfd(-1, &all, SFD_CLOEXEC);
	return fd < 0 ? err_set(err, -errno, "listen for signals") : fd;
}

static int run_attached(const struct runtime *runtime, const char *id, pid_t pid, int signal_fd,
			bool keep, struct err *err)
{
	int status = 0, r;

	r = container_start(runtime, id, err);
	if (r == 0) {
		r = wait_forwarding(pid, signal_fd, &status);
		if (r < 0)
			err_set(err, r, "wait for process %d", (int)pid);
	}
	if (!keep || r < 0) {
		int deleted = container_delete(runtime, id, true, r < 0 ? NULL : err);

		if (r == 0)
			r = deleted;
	}
	if (r < 0)
		return r;
	return WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
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
		signal_fd = open_signals(err);
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
