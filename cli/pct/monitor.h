#pragma once

struct err;
struct launch;

/**
 * monitor_launch() - run the bundle of a prepared launch under a monitor
 *
 * Two processes: one becomes the monitor, the other waits until the program runs, calls the
 * hookscript's post-start and lets go of the lock. With @launch->foreground the calling process is
 * the first of them, so that a service manager knows it, else the second.
 * Return: 0 once the program runs, with @launch->foreground once it has ended; a negative errno.
 */
int monitor_launch(struct launch *launch, struct err *err);
