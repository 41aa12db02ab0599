#pragma once

#include "lib/step.h"

#include <stdbool.h>

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct oci_process;
struct oci_spec;
struct plan;

/*
 * Who the program is: capabilities, ids, no_new_privs. Three steps at STEP_EXEC, so that a seccomp
 * filter can be loaded before the rights to do so are gone, or after all else:
 *
 *	cap.bound  drops from the bounding set (needs CAP_SETPCAP)
 *	user       groups, ids, umask, then the other capability sets at once
 *	nnp        no_new_privs
 */

struct cap_bound_step {
	struct step step;
	uint64_t keep;     /* bit per capability           */
	unsigned int last; /* the kernel's last capability */
};

struct user_step {
	struct step step;
	uint32_t uid, gid;
	mode_t umask;
	size_t group_count;
	const gid_t *groups;
	bool keep_groups; /* the caller's, instead of these */
	uint64_t effective, permitted, inheritable, ambient;
};

extern const struct step_kind cap_bound_kind, user_kind, nnp_kind;

/**
 * cap_bound_plan(), user_plan(), nnp_plan() - the three steps of @process
 * @keep_groups: ANNOTATION_KEEP_GROUPS
 * @path: where it is in the spec, for origins: "process"
 *
 * Names that the kernel does not know, and sets that it can't give, are left out (config.md:
 * a warning, never an error).
 */
int cap_bound_plan(struct plan *plan, const struct oci_process *process, const char *path,
		   struct err *err);
int user_plan(struct plan *plan, const struct oci_process *process, bool keep_groups,
	      const char *path, struct err *err);
int nnp_plan(struct plan *plan, const struct oci_process *process, const char *path,
	     struct err *err);

/** cap_warnings_plan() - what is left out of the sets, as warnings of the plan */
void cap_warnings_plan(struct plan *plan, const struct oci_spec *spec,
		       const struct oci_process *process, const char *path);

/** cap_find() - the number of a capability by name, "CAP_KILL" or "kill". Return: -1: unknown. */
int cap_find(const char *name);
/** cap_name() - "CAP_KILL". Return: NULL for an unknown number. */
const char *cap_name(unsigned int cap);
