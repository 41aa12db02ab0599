#pragma once

#include "debug/isolation.h"
#include "lib/plan.h"
#include "why/around.h"
#include "why/host_way.h"
#include "why/lookup.h"
#include "why/runner.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct action;
struct err;
struct filter_stack;
struct oci_spec;
struct peer;
struct rules;
struct runtime;
struct veth_step;
struct wall;

/* struct signalled - the process that a signal is for */
struct signalled {
	bool found;
	pid_t pid;               /* as the caller sees it         */
	uint32_t uid, saved_uid; /* real and saved                */
	bool first, handles; /* process 1 of its namespace; has a handler for the signal, or blocks
				it */
	uint64_t userns;     /* inode number of its user namespace */
};

/*
 * All that the judges go by, observed once: the process, its filters, the way to the path in
 * question, of a container of ours what its config wanted. What they say of it is pure.
 */
struct subject {
	struct isolation isolation;
	pid_t self;                         /* as its own pid namespace numbers it */
	const struct filter_stack *filters; /* NULL: not seen */
	const char *filters_unseen;         /* why */
	const struct lookup *lookup;        /* NULL: the action has no path */
	struct isolation_mount root_mount;  /* above a root that is none; no info: not seen, or it
					       is one */
	struct runner runner;
	struct signalled signalled;
	struct around around;
	struct plan plan;
	const struct oci_spec *spec; /* with @plan; NULL: a process of somebody else */
	const struct wall *wall;     /* NULL: it has no firewall, or the action is no packet */
	struct peer *peer;           /* NULL: the other end is no container of ours beside it */
	const struct rules
		*inside_rules; /* of its network namespace; NULL: the action is no packet */
	const struct rules
		*host_rules;      /* of ours; NULL: it doesn't come there, or it is the same */
	struct host_way host_way; /* between its interface and the action's address */
};

/**
 * subject_observe() - look at a process for an action
 * @id: of a container, for the first process of which it is asked; NULL: process @pid
 * @subject: subject_free() it, also after an error
 */
int subject_observe(const struct runtime *runtime, const char *id, pid_t pid,
		    const struct action *action, struct subject *subject, struct err *err);
void subject_free(struct subject *subject);
DEFINE_CLEANUP(struct subject, subject_free);

/** subject_is_pct() - is its config one of pct's? */
bool subject_is_pct(const struct subject *subject);

/** subject_pair() - the interface by which the way to an address goes. Return: NULL: it is none of
 * the plan's */
const struct veth_step *subject_pair(const struct subject *subject);

/** subject_origin() - who asked for what stands at a path of the config. Return: NULL where it is
 * not known. */
const char *subject_origin(const struct subject *subject, const char *path);
