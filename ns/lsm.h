#pragma once

#include "lib/step.h"

struct err;
struct oci_process;
struct oci_spec;
struct plan;

/*
 * Labels of the security modules, which the program has from its execve on:
 *
 *	apparmor  EXEC  process.apparmorProfile, a profile that the kernel has by then
 *	selinux   EXEC  process.selinuxLabel
 *
 * What the kernel doesn't have enabled is missing. AppArmor's "unconfined" needs no AppArmor.
 */
struct lsm_step {
	struct step step;
	const char *label;
};

extern const struct step_kind apparmor_kind, selinux_kind;

/**
 * lsm_plan() - the labels of @process; of a further one the container's where it names none
 * @path: where @process is in the spec, for origins: "process"
 */
void lsm_plan(struct plan *plan, const struct oci_spec *spec, const struct oci_process *process,
	      const char *path);

/** struct lsm_profile_step - a profile that comes with the bundle: loaded before, removed after */
struct lsm_profile_step {
	struct step step;
	const char *name;
	const char *text; /* for apparmor_parser(8) */
};

extern const struct step_kind lsm_profile_kind; /* STEP_PREPARE: leaves the profile */

/** lsm_profile_plan() - the annotation org.pctrun.apparmor.text; first of the steps, so that it is
 * undone when no process of the container is left. */
int lsm_profile_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
