#pragma once

#include "debug/denials.h"
#include "lib/arena.h"
#include "ns/userns.h"

#include <stdint.h>
#include <sys/types.h>

struct audit_record;
struct filter_stack;

/*
 * Between the parts of denials_watch(): who the container is, the collection of what was denied,
 * and the two sources.
 */

/** struct suspect - the container, by all that tells a record to be its */
struct suspect {
	struct arena *arena;
	const char *id;
	pid_t pid;
	const char *cgroup;  /* as /proc/PID/cgroup has it; NULL: none of its own */
	const char *profile; /* its AppArmor profile; NULL: none                  */
	bool own_users;      /* a user namespace whose ids nobody else should have */
	struct idmap uids;
	uint64_t since_usec;                /* of the log's clock: what is older isn't its     */
	bool sees_pids;                     /* our pids are those of the kernel's log */
	const struct filter_stack *filters; /* NULL: none */
	const struct origin *origins;
};

/** struct origin - a step of its plan: "apparmor", "profile x", "process.apparmorProfile in ..." */
struct origin {
	const char *kind, *text, *from;
	const struct origin *next;
};

/** suspect_origin() - of the step of @kind whose text begins with @text. Return: NULL: none. */
const struct origin *suspect_origin(const struct suspect *suspect, const char *kind,
				    const char *text);

/** struct collection - denials by kind, with what was handed on already */
struct collection {
	struct arena *arena;
	const struct denials_sink *sink;
	struct collected *first;
	size_t count;
	unsigned long left_out; /* of kinds beyond the most that are kept */
	int64_t budget_end;     /* deadline_in(): until then only so many are handed on */
	unsigned int used;      /* of them                                             */
};

/** collection_add() - @times more of @denial, which is copied where it is new */
void collection_add(struct collection *collection, const struct denial *denial,
		    unsigned long times);

/** collection_hand_on() - what is new, within the limits; @all: without them */
void collection_hand_on(struct collection *collection, bool all);

/* The kernel's log: /dev/kmsg. Return: a descriptor that doesn't block, at the oldest record. */
int kernel_log_open(struct err *err);
/** kernel_log_read() - all that is there now. Return: how many records the kernel left out. */
unsigned long kernel_log_read(int log_fd, const struct suspect *suspect,
			      struct collection *collection);

/** counters_read() - the cgroup's counters; adds what they have more than at the last call */
struct counters {
	unsigned long seen[8];
};
void counters_read(int cgroup_fd, const struct suspect *suspect, struct counters *counters,
		   struct collection *collection);
