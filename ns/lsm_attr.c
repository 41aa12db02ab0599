#include "ns/lsm_attr.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/run.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int lsm_attr_write(const struct run *run, const char *name, const char *value)
{
	char path[64];
	cleanup_close int fd = -EBADF;

	(void)snprintf(path, sizeof(path), "attr/%s", name);
	fd = run_open_self(run, path, O_WRONLY);
	return fd < 0 ? fd : write_all(fd, value, strlen(value));
}

int lsm_attr_read(const struct run *run, const char *name, char *value, unsigned long size)
{
	char path[64];
	ssize_t length;

	(void)snprintf(path, sizeof(path), "attr/%s", name);
	length = file_line(run->pid_dir_fd, path, value, size);
	return length < 0 ? (int)length : 0;
}
