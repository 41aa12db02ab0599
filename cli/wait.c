#include "cli/wait.h"

#include "lib/err.h"
#include "lib/own.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

enum { SIGNAL_STATUS = 128 };

int signals_open(struct err *err)
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

int child_ended(pid_t pid, int *status, struct err *err)
{
	pid_t ended;

	while ((ended = waitpid(-1, status, WNOHANG)) > 0)
		if (ended == pid)
			return 1;
	if (ended < 0 && errno == ECHILD)
		return err_set(err, -ECHILD, "wait for process %d", (int)pid);
	return 0;
}

int wait_forwarding(pid_t pid, int signal_fd, int *status, struct err *err)
{
	struct signalfd_siginfo signal;
	int r;

	for (;;) {
		r = child_ended(pid, status, err);
		if (r != 0)
			return r < 0 ? r : 0;
		if (read(signal_fd, &signal, sizeof(signal)) != sizeof(signal))
			continue;
		if (signal.ssi_signo != SIGCHLD)
			(void)kill(pid, (int)signal.ssi_signo); /* it may be gone: waitpid says */
	}
}

int exit_status_of(int status)
{
	return WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
}
