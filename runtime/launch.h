#pragma once

struct err;
struct init;
struct plan;
struct run;

/**
 * launch_init() - bring the container's first process into the world, in all its namespaces
 * @init: its work; sync_fd and the namespace members are filled here
 * @run: gets pid, pid_fd, sync_fd; pid_dir_fd where MAP or ATTACH steps want it
 *
 * One clone3(2) with every new namespace, straight into its cgroup. Where namespaces are joined by
 * path, or the clocks of a new time namespace are to be set, a short-lived process in between does
 * so first and makes the container's process as its sibling (CLONE_PARENT).
 */
int launch_init(struct init *init, struct run *run, struct err *err);

/** launch_open_process() - @run's pid_dir_fd, of its pid, where steps of @plan use it */
int launch_open_process(const struct plan *plan, struct run *run, struct err *err);
