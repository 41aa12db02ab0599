#include "runtime/oom_watch.h"

#include "lib/own.h"
#include "runtime/record.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

int oom_watch_open(const struct record *record)
{
	char path[PATH_MAX];
	int fd;

	if (!record->cgroup)
		return -ENOENT;
	(void)snprintf(path, sizeof(path), "%s/memory.events", record->cgroup);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int oom_watch_read(int fd, uint64_t *kills)
{
	char text[512];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	const char *line;

	if (n < 0)
		return -errno;
	text[n] = '\0';
	line = strstr(text, "\noom_kill ");
	if (!line)
		return -ENODATA;
	*kills = strtoull(line + strlen("\noom_kill "), NULL, 10);
	return 0;
}
