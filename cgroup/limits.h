#pragma once

#include "cgroup/cgroup.h"

struct oci_resources;
struct run;

/** struct limit - one value of a cgroup file */
struct limit {
	const char *file; /* "memory.max" */
	const char *value;
	const char *instead; /* another file that is written where it exists: "io.bfq.weight" */
	const char *instead_value; /* its scale differs */
	bool optional;             /* an absent file has nothing to limit */
	bool early; /* refused (EINVAL) as long as another isn't written, it comes once more */
};

/** struct cgroup_limit_step - "cgroup.limit": one write to run->cgroup_fd */
struct cgroup_limit_step {
	struct step step;
	struct cgroup_place place;
	struct limit limit;
};

/** struct limits_request - the plan and the cgroup that limits are for */
struct limits_request {
	struct plan *plan;
	const struct cgroup_place *place;
	const char *refused; /* why there will be no cgroup: all limits are missing; or NULL */
	bool keeper; /* a process of ours is there until STEP_MAP: a limit of one would keep the
			container's out, so pids.max is set then */
};

/**
 * limits_plan() - linux.resources as writes to cgroup files, linux.resources.unified last
 * @needed: where the controllers that the steps need are noted: enum controller
 *
 * Formulas are the runtime-spec's of cgroup v1 values to v2; what v2 has no file for and values of
 * controllers that this host lacks are plan_missing().
 */
int limits_plan(const struct limits_request *request, const struct oci_resources *resources,
		uint32_t *needed, struct err *err);

/** cpu_weight() - cpu.shares (2..262144, 1024 is normal) as cpu.weight (1..10000, 100 is normal) */
unsigned int cpu_weight(uint64_t shares);

/** io_weight() - blkio.weight (10..1000) as io.weight (1..10000) */
unsigned int io_weight(uint64_t weight);

int limit_apply(const struct step *step, struct run *run, struct err *err);
int limit_observe(const struct step *step, struct run *run, struct observation *seen,
		  struct err *err);

/** struct limit_kept - what a file held before a limit was written; value NULL: it has no such file
 */
struct limit_kept {
	const char *file, *value;
};

/** limit_keep() - what stands now where @step would write; strings live in @arena */
void limit_keep(struct arena *arena, const struct step *step, const struct run *run,
		struct limit_kept *kept);

/** limit_put_back() - write that again. Return: 0 or a negative errno. */
int limit_put_back(const struct limit_kept *kept, const struct run *run);

/* For a cgroup in use: the kernel's own value comes back where a limit goes. */
bool limit_same(const struct step *one, const struct step *other);
int limit_revert(const struct step *step, struct run *run, struct err *err);
int limit_change(const struct step *from, const struct step *to, struct run *run, struct err *err);
