#pragma once

struct json_out;

/**
 * cgroup_statistics_write() - what a cgroup used up, as `events --stats` has it under "data"
 * @out: inside an object, which gets the members cpu, cpuset, memory, pids, blkio and hugetlb
 *
 * Names and units are those that engines know from cgroup version 1: processor time in
 * nanoseconds, swap counted with the memory, 2^64-1 where there is no limit (pids: 0). A member
 * whose controller isn't there has no members of its own; hugetlb is absent then.
 * Sources: Documentation/admin-guide/cgroup-v2.rst, Documentation/accounting/psi.rst.
 */
void cgroup_statistics_write(int cgroup_fd, struct json_out *out);
