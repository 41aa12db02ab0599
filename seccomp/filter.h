#pragma once

#include "lib/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct oci_seccomp;
struct oci_spec;
struct plan;
struct run;
struct sock_filter;

/*
 * System call filters: linux.seccomp as a canonical value, compiled by libseccomp once and then
 * read from a cache.
 */

enum { FILTER_ARGS = 6, FILTER_ARCHES = 24 };

/** struct filter_arg - one condition; libseccomp's numbers */
struct filter_arg {
	uint32_t index;
	uint32_t op; /* enum scmp_compare          */
	uint64_t value, value_two;
};

struct filter_rule {
	const char *name; /* of one system call */
	uint32_t index;   /* in linux.seccomp.syscalls */
	uint32_t action;  /* SCMP_ACT_*, errno or trace number included */
	uint32_t arg_count;
	const struct filter_arg *args; /* of different indexes: all have to hold */
};

/**
 * struct profile - linux.seccomp in one form: a call a rule, defaults filled in, conditions on one
 * argument in rules of their own, rules that repeat the default left out
 */
struct profile {
	uint32_t default_action;
	uint32_t flags; /* SECCOMP_FILTER_FLAG_* for seccomp(2) */
	size_t arch_count;
	uint32_t arches[FILTER_ARCHES]; /* SCMP_ARCH_*, without the native one */
	size_t count;
	struct filter_rule *rules;
	size_t named; /* names in rules that were left out: the profile knows those calls too */
	const char **names;
	bool notifies; /* a rule asks a listener */
};

/** struct program - a compiled filter */
struct program {
	size_t count;
	struct sock_filter *insns;
};

/** struct filter_program_step - "seccomp.program": a filter from the cache, or compiled, kept for
 * the step that loads it */
struct filter_program_step {
	struct step step;
	struct profile profile;
	const char *key; /* profile_key() */
};

/** struct filter_step - "seccomp": loads run->filter */
struct filter_step {
	struct step step;
	uint32_t flags;
	size_t rules;         /* for people */
	const char *fallback; /* "allow" */
	int listener_slot;    /* connection that gets the notify descriptor; -1: none */
	int message_slot;     /* what is sent with it */
};

/** struct listener_step - "seccomp.listener" connects, "seccomp.message" writes what is sent */
struct listener_step {
	struct step step;
	const char *path;
	const char *id, *bundle, *version, *metadata;
	const char *status;      /* "creating"; of a further process "running" */
	const char *annotations; /* a JSON object */
	int listener_slot, message_slot;
};

extern const struct step_kind filter_program_kind;
extern const struct step_kind filter_kind;
extern const struct step_kind listener_kind;
extern const struct step_kind listener_message_kind;

/** struct filter_container - what the listener's message says of the container */
struct filter_container {
	const char *id, *bundle;
	const char *status; /* "creating", "running" */
};

/**
 * filter_plan() - the filter of linux.seccomp: a step at STEP_PREPARE and one that loads it
 *
 * Without no_new_privs loading needs CAP_SYS_ADMIN: at STEP_EXEC, and this is called before what
 * plans credentials. With it the filter is loaded at STEP_LAST, so that few calls of ours have to
 * be in the profile; but at STEP_EXEC too where a listener is sent: a create fails without it.
 * Nothing without linux.seccomp.
 * @no_new_privs: of the process that it is for
 * Return: 0; -EINVAL with the JSON path of a word or value that makes no sense.
 */
int filter_plan(struct plan *plan, const struct oci_spec *spec, bool no_new_privs,
		const struct filter_container *container, struct err *err);

/** profile_make() - the canonical form of linux.seccomp; pure; lives in @arena */
int profile_make(struct arena *arena, const struct oci_seccomp *seccomp, struct profile *profile,
		 struct err *err);

/**
 * profile_key() - a text that is equal for equal profiles on the same host only, in @arena
 * @host: what else the compiled filter depends on
 */
const char *profile_key(struct arena *arena, const char *host, const struct profile *profile);

/** action_name() - the spec's word without its prefix: "ERRNO" */
const char *action_name(uint32_t action);

/**
 * filter_compile() - by libseccomp, as a search tree
 * @program: instructions in @arena
 *
 * Calls newer than every call that the profile names get ENOSYS in place of a default that fails
 * otherwise, so that programs fall back to older calls as their authors meant them to.
 */
int filter_compile(struct arena *arena, const struct profile *profile, struct program *program,
		   struct err *err);

int filter_program_apply(const struct step *step, struct run *run, struct err *err);
int filter_apply(const struct step *step, struct run *run, struct err *err);
int listener_apply(const struct step *step, struct run *run, struct err *err);
int listener_message_apply(const struct step *step, struct run *run, struct err *err);
int filter_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err);
