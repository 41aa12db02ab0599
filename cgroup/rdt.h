#pragma once

#include "lib/step.h"

#include <stdbool.h>

struct err;
struct oci_spec;
struct plan;

/*
 * linux.intelRdt: which part of the processor's cache and memory bandwidth the container may use,
 * by the kernel's resctrl file system (Documentation/arch/x86/resctrl.rst). A group of it is a
 * folder: limits in "schemata", processes in "tasks", "mon_groups" to count.
 *
 *	rdt.group  PREPARE  the folder, its limits, a group that counts
 *	rdt.task   ATTACH   a process goes into it; of exec, too
 *
 * A group named by closID stays for others; one named after the container goes with it.
 */
struct rdt_step {
	struct step step;
	const char *root;  /* where resctrl is mounted                                */
	const char *group; /* name of the folder: closID, else the container's id; "": the root's */
	const char *schemata; /* lines; "": none                                         */
	const char *counter;  /* name below mon_groups; NULL: none                       */
	bool named;           /* by closID: without limits it must be there, with them they must
				 be those of one that is there                            */
};

extern const struct step_kind rdt_group_kind, rdt_task_kind;

/** rdt_plan() - both steps; rdt_exec_plan() - rdt.task for a further process */
int rdt_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err);
int rdt_exec_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err);

int rdt_group_apply(const struct step *step, struct run *run, struct err *err);
int rdt_group_undo(const struct json *record, struct run *run, struct err *err);
int rdt_group_observe(const struct step *step, struct run *run, struct observation *seen,
		      struct err *err);
int rdt_task_apply(const struct step *step, struct run *run, struct err *err);
int rdt_task_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err);

/** rdt_schemata_hold() - whether @wanted's lines are among @seen's, whatever the order of their
 * "id=value" and whatever zeros lead. Pure. */
bool rdt_schemata_hold(const char *seen, const char *wanted);
