#include "cli/pctrun/interrupt.h"

#include "lib/err.h"
#include "lib/own.h"

#include <signal.h>
#include <sys/eventfd.h>

static const int interrupts[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/* What a handler can reach. */
static int interrupted_fd = -EBADF;
static volatile sig_atomic_t interrupted_by;

static void take_interrupt(int signal)
{
	const int before = errno;

	interrupted_by = signal;
	(void)eventfd_write(interrupted_fd, 1);
	errno = before;
}

static void mask_interrupts(int how)
{
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(interrupts); i++)
		(void)sigaddset(&set, interrupts[i]);
	(void)sigprocmask(how, &set, NULL);
}

int interrupts_begin(int *fd, struct err *err)
{
	const struct sigaction handler = {.sa_handler = take_interrupt}; /* no SA_RESTART */
	struct sigaction before;

	interrupted_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (interrupted_fd < 0)
		return err_set(err, -errno, "listen for interrupts");
	for (size_t i = 0; i < ARRAY_SIZE(interrupts); i++)
		if (sigaction(interrupts[i], &handler, &before) == 0 &&
		    before.sa_handler == SIG_IGN)
			(void)sigaction(interrupts[i], &before, NULL);
	mask_interrupts(SIG_UNBLOCK);
	*fd = interrupted_fd;
	return 0;
}

void interrupts_end(pid_t pid)
{
	mask_interrupts(SIG_BLOCK);
	interrupted_fd = close_fd(interrupted_fd);
	if (interrupted_by && pid > 0)
		(void)kill(pid, interrupted_by); /* it may be gone: waitpid says */
}
