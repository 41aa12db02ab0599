#pragma once

#include <stdbool.h>

struct err;
struct runtime;

/**
 * monitor_run() - create and start a container, and stay with it until it has ended
 * @bundle: its bundle
 * @ready_fd: gets nothing and is closed once the program runs; gets one struct err where it can't
 * @reboot: whether the container asked to be started again (reboot(2) inside)
 *
 * Serves the container's terminals (runtime/console.h). Undoes everything at the end. Context: a
 * process of its own, that ends with this.
 */
int monitor_run(const struct runtime *runtime, const char *id, const char *bundle, int ready_fd,
		bool *reboot, struct err *err);
