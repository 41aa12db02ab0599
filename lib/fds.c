#include "lib/fds.h"

#include "lib/sys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What nobody's descriptors go beyond who didn't mean them to; some milliseconds of close(2). */
enum { HIGHEST = 1 << 16 };

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* One by one where a filter of system calls, loaded before, leaves us no ranges. */
static void close_all(int first, unsigned int last)
{
	if (sys_close_range((unsigned int)first, last, 0) == 0)
		return;
	for (int fd = first; fd < HIGHEST && (unsigned int)fd <= last; fd++)
		(void)close(fd); /* most are not open */
}

void fds_close_others(int first, int *kept, size_t count)
{
	qsort(kept, count, sizeof(*kept), by_number);
	for (size_t i = 0; i < count; i++) {
		if (kept[i] > first)
			close_all(first, (unsigned int)kept[i] - 1);
		if (kept[i] >= first)
			first = kept[i] + 1;
	}
	close_all(first, ~0U);
}

int fd_path(int fd, char *path, size_t size)
{
	char link[32];
	ssize_t length;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, size - 1);
	if (length < 0)
		return -errno;
	path[length] = '\0';
	return 0;
}
