#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct conflict_watch;
struct runtime;

/* Addresses of a running container that somebody else has as well: who says so, and what is said.
 */

struct conflicts {
	const struct runtime *runtime;
	const char *id;
	struct conflict_watch *watch; /* NULL: nobody looks */
	char line[320];               /* the last one; "": none */
	char time[40];                /* when it was seen */
	unsigned int told;            /* how many lines so far */
};

/** conflicts_open() - begin, for the container whose first process is @pid; one without a network
 * of its own is left alone, and so is one where it fails: it runs without. */
void conflicts_open(struct conflicts *conflicts, pid_t pid);

/** conflicts_fd() - readable when conflicts_handle() is wanted; -EBADF: never. */
int conflicts_fd(const struct conflicts *conflicts);

/** conflicts_handle() - Return: whether @conflicts->line is another now; the runtime's warn() has
 * had it then. After very many nobody looks any more: the container would fill the log. */
bool conflicts_handle(struct conflicts *conflicts);

/** conflicts_close() - before the container is taken apart: its network stays as long. */
void conflicts_close(struct conflicts *conflicts);
