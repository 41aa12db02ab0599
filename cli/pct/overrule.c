#include "cli/pct/overrule.h"

#include "cli/pct/pct.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

/* What /proc/PID/comm says of it: at most 15 characters. */
#define TASK_NAME "pct shutdown"

void shutdown_task_begin(void)
{
	(void)prctl(PR_SET_NAME, TASK_NAME);
}

static bool is_shutdown(pid_t pid)
{
	char path[32], name[32];

	(void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	return file_line(AT_FDCWD, path, name, sizeof(name)) > 0 && strcmp(name, TASK_NAME) == 0;
}

int overrule_shutdown(struct pct *pct, const char *id, struct err *err)
{
	pid_t pid = lock_holder(pct->etc.lock_folder, id);
	cleanup_close int pid_fd = pid > 0 ? sys_pidfd_open(pid) : -EBADF;
	struct pollfd ended = {.fd = pid_fd, .events = POLLIN};
	int r;

	if (pid_fd < 0 || !is_shutdown(pid)) /* in this order: the pid can't change hands now */
		return 0;
	r = sys_pidfd_send_signal(pid_fd, SIGTERM);
	if (r < 0 && r != -ESRCH)
		return err_set(err, r, "overrule process %d", (int)pid);
	(void)printf("overruled vzshutdown tasks: %d\n", (int)pid);
	(void)fflush(stdout);
	(void)poll(&ended, 1, -1);
	return 0;
}
