#include "lib/proc_stat.h"

#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_FIELD = 3 }; /* behind the name */

static const char *find_field(const char *after_name, int number)
{
	const char *word = NULL;
	size_t length;

	for (int field = FIRST_FIELD; field <= number; field++)
		word = next_word(&after_name, &length);
	return word ? word : "";
}

int proc_stat_read(pid_t pid, struct proc_stat *stat)
{
	cleanup_close int fd = -EBADF;
	char path[32], text[1024];
	const char *name_end;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	name_end = strrchr(text, ')');
	if (!name_end)
		return -EINVAL;
	*stat = (struct proc_stat){
		.state = *find_field(name_end + 1, 3),
		.flags = (unsigned int)strtoul(find_field(name_end + 1, 9), NULL, 10),
		.start = strtoull(find_field(name_end + 1, 22), NULL, 10),
	};
	return 0;
}
