#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct isolation;
struct place;

/*
 * Who runs a file: while somebody does, the kernel opens it for nobody to write to (ETXTBSY of
 * open(2)). Any process counts, in whatever container: it is the inode that is busy.
 */

/** struct runner - of a regular file that is to be written to */
struct runner {
	bool asked;
	pid_t pid;     /* one whose program it is, as the caller numbers it; 0: none was seen */
	bool all_seen; /* and there is none else */
	bool allowed;  /* this kernel lets it be written to all the same (Linux 6.11, 6.12) */
};

/** runner_look() - look at the program of each process that can be seen */
void runner_look(const struct isolation *isolation, const struct place *object,
		 struct runner *runner);
