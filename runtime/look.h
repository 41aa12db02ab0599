#pragma once

struct err;
struct oci_spec;
struct plan;
struct record;
struct run;
struct runtime;

/*
 * Running containers, for those who look at them with their plan as it is now. -ENOENT "container
 * does not exist"; -ESRCH "container not running".
 */

/**
 * running_plan() - a running container's plan, made as it was made
 * @record, @spec: strings live in @plan, whose steps point at @spec
 * @state_fd: its folder, the caller's, also after an error
 * @plan: empty; plan_free() it, also after an error
 */
int running_plan(const struct runtime *runtime, const char *id, struct record *record,
		 int *state_fd, struct oci_spec *spec, struct plan *plan, struct err *err);

/** running_look() - the same, and a run to look at it with
 * @run: has the container's folder; run_close() it, also after an error */
int running_look(const struct runtime *runtime, const char *id, struct record *record,
		 struct plan *plan, struct run *run, struct err *err);
