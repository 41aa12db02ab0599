#include "lib/proc_dir.h"

#include "lib/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int proc_dir_open(pid_t pid, struct err *err)
{
	char path[32];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_set(err, -errno, "open %s", path) : fd;
}
