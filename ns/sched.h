#pragma once

#include "lib/step.h"
#include "lib/sys.h"

#include <sched.h>

struct err;
struct oci_process;
struct oci_spec;
struct plan;

/*
 * When, where and how soon the process runs. Set from the host's side, with its rights, as real
 * time takes CAP_SYS_NICE of the initial user namespace.
 *
 *	sched.policy    ATTACH  process.scheduler: sched_setattr(2)
 *	sched.io        ATTACH  process.ioPriority: ioprio_set(2)
 *	sched.affinity  process.execCPUAffinity, of exec alone: "initial" before the process is in
 * the container's cgroup, by the one in between (CLONE); "final" after (ATTACH)
 */
struct sched_policy_step {
	struct step step;
	const char *policy; /* "SCHED_FIFO" */
	struct sys_sched_attr attr;
};

struct sched_io_step {
	struct step step;
	const char *class; /* "IOPRIO_CLASS_BE" */
	int ioprio;        /* ioprio_set(2)'s   */
};

struct sched_affinity_step {
	struct step step;
	const char *list; /* "0-3,7" */
	cpu_set_t cpus;
};

extern const struct step_kind sched_policy_kind, sched_io_kind, sched_affinity_kind;

int sched_plan(struct plan *plan, const struct oci_process *process, const char *path,
	       struct err *err);

/** sched_cpus_plan() - a process whose cgroup has cpus of its own isn't bound to its caller's */
void sched_cpus_plan(struct plan *plan, const struct oci_spec *spec);

/** sched_affinity_plan() - execCPUAffinity: before the process is in its cgroup, and in it */
int sched_affinity_plan(struct plan *plan, const struct oci_process *process, const char *path,
			struct err *err);

int sched_policy_apply(const struct step *step, struct run *run, struct err *err);
int sched_io_apply(const struct step *step, struct run *run, struct err *err);
int sched_affinity_apply(const struct step *step, struct run *run, struct err *err);
int sched_policy_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err);
int sched_io_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err);

/** sched_policy_name() - "SCHED_OTHER" for 0. Return: NULL for a number without a name. */
const char *sched_policy_name(unsigned int policy);
/** sched_io_class_name() - "IOPRIO_CLASS_RT" for 1. Return: NULL likewise. */
const char *sched_io_class_name(unsigned int class);
