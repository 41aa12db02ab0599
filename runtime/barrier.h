#pragma once

#include "runtime/sync.h"

struct run;

/*
 * Barriers that show on the time line: who reaches one, who waits for it and how long, with an
 * arrow between the two sides. Without a trace the same as sync_send() and sync_wait().
 */

/** barrier_reach() - sync_send() */
int barrier_reach(struct run *run, int sync_fd, enum sync_barrier barrier);

/** barrier_mark() - only the mark: what is left to do before the barrier is the trace's end */
void barrier_mark(struct run *run, enum sync_barrier barrier);

/** barrier_wait() - sync_wait_unless(). @cancel_fd: -EBADF: never given up */
int barrier_wait(struct run *run, int sync_fd, int cancel_fd, enum sync_barrier barrier,
		 struct err *err);
