#pragma once

#include <sys/types.h>

struct err;

/** signals_open() - from here on signals are read, not delivered. Return: a signalfd. */
int signals_open(struct err *err);

/**
 * wait_forwarding() - wait for our child @pid; signals that come meanwhile go to it
 * @status: as waitpid(2) gives it; other children that end are reaped
 */
int wait_forwarding(pid_t pid, int signal_fd, int *status, struct err *err);

/** child_ended() - reap what has ended. Return: 1: @pid is among it; 0: not yet; or -ECHILD. */
int child_ended(pid_t pid, int *status, struct err *err);

/** exit_status_of() - what a shell would say: the status, or 128 + the signal. */
int exit_status_of(int status);
