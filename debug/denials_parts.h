#pragma once

#include "debug/denials.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/helper.h"
#include "lib/text.h"
#include "ns/userns.h"

#include <stdint.h>
#include <sys/types.h>

struct audit_record;
struct device_filters;
struct device_policy;
struct filter_stack;
struct json;
struct nl_sock;

/*
 * Between the parts of denials_watch(): who the container is, the collection of what was denied,
 * and the sources.
 */

/** struct suspect - the container, by all that tells a record to be its */
struct suspect {
	struct arena *arena;
	const char *id;
	pid_t pid;
	const char *cgroup_directory; /* NULL: none of its own */
	const char *cgroup;           /* of its first process, as /proc/PID/cgroup has it */
	const char *profile;          /* its AppArmor profile; NULL: none                  */
	bool own_users;               /* a user namespace whose ids nobody else should have */
	struct idmap uids;
	uint64_t since_usec; /* of the log's clock: what is older isn't its     */
	bool waits;          /* created, and not started: its process is still the runtime's */
	bool sees_pids;      /* our pids are those of the kernel's log */
	bool calls_seen; /* by programs in the kernel: the log has nothing new of seccomp's errors
			  */
	uint64_t pid_namespace, user_namespace; /* inode numbers; 0: not known */
	uint64_t bounding, effective;           /* capabilities of the config's process */
	const struct device_policy *devices;    /* its own filter; NULL: none */
	const struct device_filters *programs;  /* all on its cgroup and above; NULL: not seen */
	const struct filter_stack *filters;     /* NULL: none */
	const struct origin *origins;
};

/** suspect_learn() - all of @suspect; its id, pid, arena, and whether it waits, are given */
int suspect_learn(const struct runtime *runtime, struct suspect *suspect, struct err *err);

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

/* Of a flood, before the other source is looked at: more than the socket has room for. */
enum { RECORDS_AT_ONCE = 1 << 12 };

/**
 * struct records - audit records, which the kernel brings to its log and to whoever listens
 *
 * The log leaves out what is too much, the socket what came before; one of both is enough.
 */
struct records {
	const struct suspect *suspect;
	struct collection *collection;
	struct {
		unsigned long serials[RECORDS_AT_ONCE]; /* those that came last */
		size_t next;
	} late[2]; /* of each source */
};

enum record_source { RECORD_OF_LOG, RECORD_OF_SOCKET };

/** records_take() - one, as the kernel's log has it: "audit: type=1326 audit(...): ..." */
void records_take(struct records *records, enum record_source source, const char *line);

/* The kernel's log: /dev/kmsg. Return: a descriptor that doesn't block, at the oldest record. */
int kernel_log_open(struct err *err);
/** kernel_log_read() - all that is there now. Return: how many records the kernel left out. */
unsigned long kernel_log_read(int log_fd, struct records *records);

/** struct audit_socket - the kernel's audit records as they come: AUDIT_NLGRP_READLOG */
struct audit_socket {
	struct nl_sock *socket; /* NULL: it isn't open */
	int fd;                 /* for poll(2); -EBADF */
	bool heard; /* anything at all: the kernel tells the first network namespace only */
	unsigned long overruns; /* how often records were lost, nobody knows how many */
};

/** audit_socket_open() - Return: 0; -EPERM without CAP_AUDIT_READ over the host. */
int audit_socket_open(struct audit_socket *audit);
/** audit_socket_read() - what is there now; of a flood the rest is left for the next time */
void audit_socket_read(struct audit_socket *audit, struct records *records);
void audit_socket_close(struct audit_socket *audit);

/** counters_read() - the cgroup's counters; adds what they have more than at the last call */
struct counters {
	unsigned long seen[8];
};
void counters_read(int cgroup_fd, const struct suspect *suspect, struct counters *counters,
		   struct collection *collection);

/** struct watcher - pctrun-watch, while it runs */
struct watcher {
	const struct suspect *suspect;
	struct collection *collection;
	struct recording *recording; /* NULL: nobody asks */
	bool calls_alone;            /* of no interest are capabilities and devices */
	struct helper helper;        /* its socket_fd -EBADF: it doesn't run */
	struct text input;           /* of a line that isn't complete yet */
	struct text words;           /* lines for people: why it fails    */
	bool ready, calls_seen;
	struct err why; /* why system calls aren't seen */
};

/**
 * watcher_start() - have the kernel watched from now on
 * @watcher: has its first four members
 * @cgroup_fd: the container's
 * @cancel_fd: readable: nobody wants it any more; may be negative
 *
 * What isn't seen, the sink is told. watcher_stop() it.
 */
void watcher_start(struct watcher *watcher, int cgroup_fd, int cancel_fd);

/** watcher_read() - take what it has to say by now */
void watcher_read(struct watcher *watcher);

/** watcher_stop() - end it, and take its last words */
void watcher_stop(struct watcher *watcher);

/**
 * watched_describe() - put an event of pctrun-watch into words
 * @event: {"denied": SOURCE, ...}
 * Return: false for what isn't a denial, or is told by the kernel's log.
 */
bool watched_describe(const struct suspect *suspect, struct arena *arena, const struct json *event,
		      struct denial *denial);
