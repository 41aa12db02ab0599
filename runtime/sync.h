#pragma once

#include "lib/err.h"

/*
 * How the two sides of a start meet. One datagram a barrier; whoever fails sends its error instead
 * and ends. The words are in lib/step.h's picture.
 */

enum sync_barrier {
	SYNC_MAPPED,   /* host: the ids are mapped                              */
	SYNC_ATTACHED, /* host: the veths are there                             */
	SYNC_MOUNTED,  /* container: mounts are made, pivot_root is next (only where hooks wait) */
	SYNC_HOOKED,   /* host: the hooks of the host's side have run           */
	SYNC_READY,    /* container: everything is done but STEP_LAST and execve */
	SYNC_SAVED,    /* host: it is on record: the process may outlive its maker */
	SYNC_FAILED,   /* either: the error comes with it                       */
};

/** sync_name() - "mapped", "attached" ... */
const char *sync_name(enum sync_barrier barrier);

/** sync_send() - tell the other side. A side that is gone is -EPIPE. */
int sync_send(int sync_fd, enum sync_barrier barrier);

/** sync_fail() - tell the other side why there will be no further barrier. */
void sync_fail(int sync_fd, const struct err *why);

/**
 * sync_wait() - wait for the other side to reach @barrier
 * @err: the other side's error where it failed; "ended unexpectedly" where it is gone
 */
int sync_wait(int sync_fd, enum sync_barrier barrier, struct err *err);

/** sync_wait_unless() - the same, given up once @cancel_fd is readable: -EINTR. -EBADF: never */
int sync_wait_unless(int sync_fd, int cancel_fd, enum sync_barrier barrier, struct err *err);
