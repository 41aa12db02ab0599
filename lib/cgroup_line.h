#pragma once

struct arena;

/**
 * cgroup_of_process() - the version 2 cgroup of a process, as /proc/PID/cgroup has it
 * @dir_fd, @file: that file
 * Return: "" for the root, else "/a/b", in @arena; NULL when it can't be read.
 */
const char *cgroup_of_process(struct arena *arena, int dir_fd, const char *file);
