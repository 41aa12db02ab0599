#pragma once

struct err;

/**
 * cgroup_obstacle() - add to @err who stands in the way of what failed in a cgroup
 * @num: the failure: EBUSY where processes live above others (the no-internal-process rule),
 *	EOPNOTSUPP where threads do; others add nothing
 *
 * cgroup-v2.rst, "No Internal Process Constraint" and "Threads".
 */
void cgroup_obstacle(int cgroup_fd, int num, struct err *err);
