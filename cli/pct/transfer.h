#pragma once

#include "cli/options.h"
#include "lib/own.h"

struct err;

/* A file between host and container: pct push, pct pull. */

extern const struct option_row transfer_options[];

/** struct transfer - where a file goes to, and what it becomes there */
struct transfer {
	int root_fd; /* paths of the target are looked up below it */
	const char *path;
	const char *user, *group; /* names or numbers; NULL: whose it becomes by itself */
	struct opt_u64 perms;     /* not set: as a new file has them */
};

/** transfer_read_options() - perms: "0640", "640", "0x1a0". Return: 0; -EINVAL. */
int transfer_read_options(const struct options *given, struct transfer *transfer, struct err *err);

/**
 * transfer_write() - put everything from @in_fd into the target
 *
 * An existing file keeps its owner and mode where nothing else is asked for, and its text until all
 * of the new one has been read. Names are those in the target's own /etc/passwd and /etc/group:
 * while one of them is unknown nothing is written. A new file that can't be finished is removed.
 */
int transfer_write(const struct transfer *transfer, int in_fd, struct err *err);
