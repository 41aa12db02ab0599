#pragma once

#include <stdbool.h>

struct err;

/*
 * Which limit on the number of processes was in the way where a process could not be made: EAGAIN
 * of fork(2) and clone(2), which have several reasons for it.
 */

/** process_limit_of() - is it pids.max of this very cgroup?
 * @cgroup_fd: of version 1 or 2
 * Return: whether it is; @err then says so, and what to do. */
bool process_limit_of(int cgroup_fd, struct err *err);

/** process_limit() - say in @err which one it is: of the cgroups above @cgroup_fd, of the caller's
 * own ones and those above, of the user, of the host; nothing where @err is about something else
 * @cgroup_fd: where the process was to be; negative: in the caller's */
void process_limit(int cgroup_fd, struct err *err);
