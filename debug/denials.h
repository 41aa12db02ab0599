#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct runtime;

/*
 * What the kernel has denied to a container, as far as it tells anybody: audit records of seccomp
 * and AppArmor in its log, and the counters of the container's cgroup. The same denial of the same
 * program is one, with a count.
 */

/** struct denial - all strings are printable, "" where there is nothing to say */
struct denial {
	const char *layer;   /* "seccomp", "apparmor", "cgroup"                            */
	const char *what;    /* "uname: ERRNO ENOSYS"                                      */
	const char *rule;    /* who says so, with origin                                   */
	const char *process; /* "sh (4711)": the last one                                  */
	bool likely;         /* that it was of this container is told by its ids or profile:
				the process is gone                                        */
	unsigned long count; /* so far                                                     */
};

struct denials_sink {
	void (*denied)(void *data, const struct denial *denial);
	/* What can't be seen here, a line each; before anything else. */
	void (*blind)(void *data, const char *line);
	void *data;
};

/**
 * denials_watch() - hand @sink what there is, and with @follow what comes until the container ends
 *
 * While following, each denial is handed on again at most every five seconds, and no more than
 * twenty a second in all: counts are kept meanwhile.
 * Return: 0; -ESRCH where it doesn't run.
 */
int denials_watch(const struct runtime *runtime, const char *id, bool follow,
		  const struct denials_sink *sink, struct err *err);
