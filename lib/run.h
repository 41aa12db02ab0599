#pragma once

#include "lib/arena.h"
#include "lib/host.h"
#include "lib/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct sock_fprog;

/*
 * What steps share while they are applied, undone or observed. One on each side of a start: the
 * container's process has the copy that clone3(2) made. Descriptors are -EBADF until they are
 * there.
 *
 * A step sets only what its header says it sets; everything else it borrows.
 */
struct run {
	const char *id;
	const struct host *host;
	const char *state_root; /* /run/pctrun: caches are below it too */
	int state_fd;           /* the container's folder of it         */
	int cgroup_fd;          /* the container's cgroup, with its limits: set by cgroup.create */
	int init_cgroup_fd;     /* where its processes live: the same, or an inner one: likewise */
	char *cgroup_path;      /* directories of the two; set with them, this struct's own */
	char *init_cgroup_path;
	int root_fd; /* O_PATH of the container's root: set by root.open; after it is
			attached, by root.attach to the attached one             */
	int cwd_fd;  /* a slot's descriptor that is the working directory: set by place_enter()
		      */
	int proc_fd; /* a procfs that nothing in the container covers, of its pid namespace;
			for exec the host's. Container side, set before ENTER where
			plan->procfs says that a step uses it                  */
	int sync_fd; /* the engine's socket to the other side                   */
	pid_t pid;   /* the container's first process as the host sees it       */
	int pid_fd;
	int pid_dir_fd; /* /proc/PID of it                                         */
	int userns_fd;  /* the container's user namespace, where it has its own; set by
			   idmap before the clone for mounts that it maps          */
	int netns_fd;
	struct sock_fprog *filter; /* set by seccomp.program, for the step that loads it */
	struct arena arena;        /* what steps hand on; goes with the run           */
	int *slots;                /* plan->slots descriptors, -EBADF                         */
	size_t slot_count;
	int console_fd;          /* the console socket's connection, where one was given     */
	int tty_fd;              /* where the masters of ttys beside it go, if they do       */
	struct journal *journal; /* NULL on the container's side and while undoing         */
	struct trace *trace;     /* NULL: nobody wants a time line                         */

	/* Called before each step is applied: shows it to the person, and lets tests fail or end
	 * the process there. NULL: nothing. A negative return is the step's failure. */
	int (*before_step)(struct run *run, const struct step *step, struct err *err);
	void *before_data;
	unsigned int steps_begun; /* counted by before_step where it wants to      */
	bool pid_is_init;         /* this is the container's side                  */
};

void run_init(struct run *run);

/** run_open_self() - a file of the calling process in @run's procfs; no link is followed.
 * Return: a descriptor; -EXDEV when that is no procfs; another negative errno. */
int run_open_self(const struct run *run, const char *name, int flags);

/** run_slots() - room for @count descriptors. Return: 0 or -ENOMEM. */
int run_slots(struct run *run, size_t count);
/** run_close() - close every descriptor; keeps what it borrows (host, journal, trace). */
void run_close(struct run *run);
DEFINE_CLEANUP(struct run, run_close);

/**
 * run_look() - a run to observe a process with: any process of the host
 *
 * Opens /proc/PID, its root, its namespaces. Return: 0, -ESRCH when there is no such process.
 */
int run_look(struct run *run, const struct host *host, pid_t pid, struct err *err);

/*
 * The journal: what was about to be done on the host, before it was done. one JSON
 * object per line, so that a torn last line is recognised.
 */

/** run_journal() - write @step's record, durable before this returns. Nothing without a journal. */
int run_journal(struct run *run, const struct step *step, struct err *err);

struct arena;
struct json;
struct journal;

/** journal_open() - the journal in a state directory, made if it is not there. */
int journal_open(int state_fd, struct journal **journal, struct err *err);
void journal_close(struct journal *journal);

/** journal_add() - append one record before what it speaks of is done. @out is freed. */
int journal_add(struct journal *journal, const char *kind, struct json_out *out, struct err *err);

/**
 * journal_read() - every record, oldest first
 * @root: an array of {"kind": "cgroup.create", "record": {...}}; a torn last line is left out, null
 * stands for one that can't be read
 * Return: 0, also when there is no journal (an empty array).
 */
int journal_read(struct arena *arena, int state_fd, const struct json **root, struct err *err);

/**
 * run_note() - add to the journal what apply found out before it used it (a loop device's number)
 * @out: an object with the same members that the step's write() has; freed here
 */
int run_note(struct run *run, const struct step *step, struct json_out *out, struct err *err);

struct trace;
/** trace_new() - a time line in @fd, which stays the caller's: at its start, or where trace_free()
 * has ended it. Return: NULL where there is none. */
struct trace *trace_new(int fd);
/** trace_free() - end the time line: the file is whole */
void trace_free(struct trace *trace);

/* A trace: begin and end of everything that took time, in Chrome's trace format. @name: no quotes
 * in it. A step's begin, with what it does; its end has the kind's name. */
void run_trace_begin(struct run *run, const char *name);
void run_trace_step(struct run *run, const struct step *step);
void run_trace_end(struct run *run, const char *name);

/* An arrow from one side to the other, each end within what has begun there. @id: of the pair. */
void run_trace_leave(struct run *run, const char *name, int id);
void run_trace_arrive(struct run *run, const char *name, int id);
