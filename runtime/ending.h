#pragma once

#include "lib/own.h"

struct arena;
struct err;
struct record;
struct runtime;

/*
 * How a container last ended: ROOT/.last/ID, a JSON file that stays when the container's folder
 * goes. There is none from a start until the first thing worth a note. A start that fails is one.
 */

struct ending {
	const char *time;          /* RFC 3339, UTC; NULL: it has not ended */
	bool seen;                 /* whoever wrote this was its parent: @status holds */
	int status;                /* as waitpid(2) gives it */
	bool halted;               /* reboot(2) was called in it: @status is SIGINT or SIGHUP */
	struct opt_u64 oom_kills;  /* processes that the kernel killed for memory; unset: unknown */
	const char *oom_time;      /* of the last of them; NULL: none was seen */
	const char *conflict;      /* an address that somebody else has; NULL: none was seen */
	const char *memory_origin; /* who asked for the memory limit; NULL: nobody known */
	const char *failed;        /* when a start failed, RFC 3339, UTC; NULL: it went well */
	const char *report;        /* of that start, lines as they were shown; NULL: none */
};

/** memory_origin() - who asked for a container's memory limit; NULL: nobody known. */
const char *memory_origin(struct arena *arena, const struct record *record);

/**
 * ending_gather() - what can be known of a container that ends now
 * @ending: overwritten: the time, what its cgroup says of memory; not how its process ended
 */
void ending_gather(struct arena *arena, const struct record *record, struct ending *ending);

/**
 * ending_halted() - is @status that of a container that has called reboot(2)?
 * @state_fd: its folder
 *
 * The kernel ends a pid namespace's first process for it as if by SIGINT, or by SIGHUP to begin
 * anew. Sent, neither of them ends that process: without a handler it has no effect there.
 */
bool ending_halted(int state_fd, int status);

/** ending_write() - replace what is noted of @id. */
int ending_write(const struct runtime *runtime, const char *id, const struct ending *ending,
		 struct err *err);

/** ending_failed() - note a start that has failed, with its report, in place of all that was noted.
 */
void ending_failed(const struct runtime *runtime, const char *id, const char *report);

/** ending_read() - Return: 0; -ENOENT when nothing is noted; strings live in @arena. */
int ending_read(struct arena *arena, const struct runtime *runtime, const char *id,
		struct ending *ending, struct err *err);

/** ending_forget() - a new life begins. */
void ending_forget(const struct runtime *runtime, const char *id);

/** ending_text() - "exit status 7", "killed by SIGKILL", "powered off", "unseen: its monitor was
 * gone". */
const char *ending_text(struct arena *arena, const struct ending *ending);
