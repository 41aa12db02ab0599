#pragma once

#include "lib/run.h"
#include "oci/spec.h"

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct oci_state;

/** struct init - what a container's process needs to know; the host's side makes it before clone */
struct init {
	const struct plan *plan;
	const struct oci_spec *spec;
	const struct oci_process *process; /* NULL: none; then start fails */
	struct oci_state *state;           /* for hooks; its pid and status are theirs to see */
	struct run *run;
	int sync_fd;   /* its end */
	int start_fd;  /* the start fifo, open for both; -EBADF: does not wait (exec, run) */
	int report_fd; /* tells start why the program does not run, ends at execve; -EBADF: nobody
			*/
	bool user_namespace;   /* its own, new or joined: becomes root of it          */
	int target_fd;         /* exec: pidfd of the container's first process; else -EBADF */
	uint64_t target_flags; /* exec: the namespaces of it that are not the caller's */
	int cgroupns_fd;       /* joined by path after the clone: ns/namespaces.h; else -EBADF */
	unsigned int preserve_fds;
	char *listen_pid;       /* of activation_add() */
	bool stdio_null;        /* 0, 1, 2 are not the caller's: a terminal may take their place */
	const int *private_fds; /* closed at birth */
	size_t private_count;
};

/** init_main() - what the container's first process does, from its birth to execve. Never returns.
 */
_Noreturn void init_main(struct init *init);

/** exec_main() - the same for a further process, which begins inside a container. */
_Noreturn void exec_main(struct init *init);
