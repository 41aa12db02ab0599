#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct runtime;

struct monitor_options {
	const char *bundle;          /* of a plan that missing_check() has been through */
	void (*started)(void *data); /* the program runs */
	void *data;
	const int *private_fds; /* as in struct create_options */
	size_t private_count;
};

/**
 * monitor_run() - create and start a container, and stay with it until it has ended
 * @reboot: whether the container asked to be started again (reboot(2) inside)
 *
 * Serves the container's terminals (runtime/console.h). How it ended stays in ROOT/.last/ID
 * (runtime/ending.h). Undoes everything at the end, calling @runtime->undone unless it is a reboot.
 * Context: a process that has no other children to wait for; SIGTERM, SIGINT and SIGCHLD are
 * blocked afterwards.
 */
int monitor_run(const struct runtime *runtime, const char *id,
		const struct monitor_options *options, bool *reboot, struct err *err);
