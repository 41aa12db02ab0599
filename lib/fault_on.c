#include "lib/fault.h"

#include "lib/err.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A start may end well in spite of a fault that comes late: the test must know of it. */
static void say_hit(void)
{
	const char *path = getenv("PCTRUN_FAULT_HIT");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd >= 0)
		(void)close(fd);
}

/*
 * A build for tests of crashes. $PCTRUN_FAULT names a side, a step's number on it and what happens
 * before that step: "host:3:kill", "container:7:error". Each side counts its own steps from 1.
 * "parent" kills the parent process and goes on. $PCTRUN_FAULT_HIT names a file that is made then.
 */
int fault_at(const char *side, unsigned int number, struct err *err)
{
	const char *wanted = getenv("PCTRUN_FAULT");
	char named[16], what[16];
	unsigned int at;

	if (!wanted || sscanf(wanted, "%15[a-z]:%u:%15[a-z]", named, &at, what) != 3)
		return 0;
	if (strcmp(named, side) != 0 || number != at)
		return 0;
	say_hit();
	if (strcmp(what, "kill") == 0)
		(void)raise(SIGKILL);
	if (strcmp(what, "parent") == 0)
		return kill(getppid(), SIGKILL) < 0 ? -errno : 0;
	return err_plain(err, -ECANCELED, "fault before step %u of the %s's side", number, side);
}

/* Each side has its own count in each process. */
int fault_point(const char *side, struct err *err)
{
	static struct {
		const char *side;
		unsigned int number;
	} counts[8];
	size_t at = 0;

	while (counts[at].side && strcmp(counts[at].side, side) != 0)
		at++;
	counts[at].side = side;
	return fault_at(side, ++counts[at].number, err);
}
