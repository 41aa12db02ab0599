#pragma once

struct err;

/**
 * worker_run() - let a child process do one thing and say how it went
 * @work: runs in the child, which ends afterwards; what it returns is returned here, its @err too
 *
 * The child is killed when this process ends, and by SIGHUP, SIGINT and SIGTERM whatever this
 * process does about them. Memory is a copy: use a shared mapping for results.
 * Return: what @work returned; -EIO when the child was killed.
 */
int worker_run(int (*work)(void *data, struct err *err), void *data, struct err *err);

/**
 * worker_run_within() - the same, for work that may never end: a file system that doesn't answer
 * Return: -ETIMEDOUT after @seconds; the child is killed, and goes when it can: not while a file
 * system of somebody's (FUSE) has a question that it doesn't answer. It has none of our stdio.
 */
int worker_run_within(unsigned int seconds, int (*work)(void *data, struct err *err), void *data,
		      struct err *err);

/** worker_hide_mounts() - in the child: nobody sees what it mounts from here on, nor does that
 * outlive it. */
int worker_hide_mounts(struct err *err);
