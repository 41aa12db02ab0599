#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct recording;
struct runtime;

/*
 * What the kernel has denied to a container, as far as it tells anybody: audit records of seccomp
 * and AppArmor in its log, and the counters of the container's cgroup. While somebody follows,
 * programs in the kernel (pctrun-watch) tell what leaves no trace: errors by seccomp, the device
 * filter, capabilities. The same denial of the same program is one, with a count.
 */

/** struct denial - all strings are printable, "" where there is nothing to say */
struct denial {
	const char *layer;   /* "seccomp", "apparmor", "cgroup", "device", "capability"   */
	const char *what;    /* "uname: ERRNO ENOSYS"                                     */
	const char *rule;    /* who says so: "rule on uname"                              */
	const char *origin;  /* and who asked for that                                    */
	const char *program; /* the name of a process                                     */
	pid_t pid;           /* of one of them: in the kernel's first pid namespace; 0: unknown */
	pid_t inside;        /* in the container's; 0: unknown                            */
	bool likely;         /* that it was of this container is told by its ids or profile:
				the process is gone                                       */
	unsigned long count; /* so far                                                    */
};

struct denials_sink {
	void (*denied)(void *data, const struct denial *denial);
	/* What can't be seen here, a line each; before anything else. */
	void (*blind)(void *data, const char *line);
	/* What comes from now on is seen; after all lines on what isn't. May be NULL. */
	void (*following)(void *data);
	void *data;
};

struct denials_wanted {
	bool follow; /* also what comes, until the container ends or the runtime's cancel_fd says so
		      */
	int64_t end; /* deadline_in_ms(): follow no longer than that */
	struct recording *recording; /* gets the system calls while following; NULL: nobody asks */
};

/**
 * denials_watch() - hand @sink what there is, and what comes
 *
 * While following, each denial is handed on again at most every five seconds, and no more than
 * twenty a second in all: counts are kept meanwhile.
 * Return: 0; -ESRCH where it doesn't run; -ENOTSUP where a recording is wanted and system calls
 * can't be seen.
 */
int denials_watch(const struct runtime *runtime, const char *id,
		  const struct denials_wanted *wanted, const struct denials_sink *sink,
		  struct err *err);
