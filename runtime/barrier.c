#include "runtime/barrier.h"

#include "lib/run.h"

#include <stdio.h>

void barrier_mark(struct run *run, enum sync_barrier barrier)
{
	char name[32];

	if (!run->trace)
		return;
	(void)snprintf(name, sizeof(name), "reach %s", sync_name(barrier));
	run_trace_begin(run, name);
	run_trace_leave(run, sync_name(barrier), barrier);
	run_trace_end(run, name);
}

int barrier_reach(struct run *run, int sync_fd, enum sync_barrier barrier)
{
	barrier_mark(run, barrier);
	return sync_send(sync_fd, barrier);
}

/* One system call less where nobody may give it up. */
static int wait_for(int sync_fd, int cancel_fd, enum sync_barrier barrier, struct err *err)
{
	return cancel_fd < 0 ? sync_wait(sync_fd, barrier, err)
			     : sync_wait_unless(sync_fd, cancel_fd, barrier, err);
}

int barrier_wait(struct run *run, int sync_fd, int cancel_fd, enum sync_barrier barrier,
		 struct err *err)
{
	char name[32];
	int r;

	if (!run->trace)
		return wait_for(sync_fd, cancel_fd, barrier, err);
	(void)snprintf(name, sizeof(name), "wait %s", sync_name(barrier));
	run_trace_begin(run, name);
	r = wait_for(sync_fd, cancel_fd, barrier, err);
	if (r == 0)
		run_trace_arrive(run, sync_name(barrier), barrier);
	run_trace_end(run, name);
	return r;
}
