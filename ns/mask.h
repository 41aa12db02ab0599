#pragma once

#include "lib/step.h"
#include "ns/target.h"

struct err;
struct oci_spec;
struct plan;
struct run;

/*
 * Paths of the container that are hidden or only read. A masked file has the host's /dev/null over
 * it, a masked directory an empty one: the same for all of them, as a tmpfs costs time to make and
 * to end. What the container hasn't got needs no mask; any other failure stops the start.
 *
 *	bootid         ENTER    a boot id of its own over the kernel's, where asked for
 *	mask.null      PREPARE* the host's /dev/null as a detached mount
 *	writable.keep  ENTER    a clone of what is to stay writable
 *	readonly       ENTER    a read-only clone of the path on top of it
 *	writable       ENTER    the kept clone on top of that
 *	mask           ENTER
 *
 * (*) or what plan_source_stage() says
 */
struct mask_step {
	struct step step;
	const char *path;
	struct target target;
	int null_slot;  /* mask: /dev/null                      */
	int empty_slot; /* mask: the directory, made when needed */
	int kept_slot;  /* writable                             */
};

extern const struct step_kind mask_null_kind, mask_kind, readonly_kind, writable_keep_kind,
	writable_kind, bootid_kind;

/** mask_plan() - after all mounts, devices and sysctls, before root.pivot */
int mask_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);

int mask_null_apply(const struct step *step, struct run *run, struct err *err);
int mask_apply(const struct step *step, struct run *run, struct err *err);
int readonly_apply(const struct step *step, struct run *run, struct err *err);
int writable_keep_apply(const struct step *step, struct run *run, struct err *err);
int writable_apply(const struct step *step, struct run *run, struct err *err);
int bootid_apply(const struct step *step, struct run *run, struct err *err);
int mask_observe(const struct step *step, struct run *run, struct observation *seen,
		 struct err *err);
int readonly_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err);
int writable_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err);
int bootid_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err);
