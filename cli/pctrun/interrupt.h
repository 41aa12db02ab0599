#pragma once

#include <sys/types.h>

struct err;

/**
 * interrupts_begin() - HUP, INT, QUIT and TERM end what waits, until interrupts_end()
 * @fd: for struct runtime's cancel_fd: readable from then on
 *
 * They interrupt system calls; ignored ones stay ignored. After signals_open(), if at all.
 */
int interrupts_begin(int *fd, struct err *err);

/** interrupts_end() - they are read again; one that came too late goes to @pid, our child. */
void interrupts_end(pid_t pid);
