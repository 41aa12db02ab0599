#pragma once

struct arena;

/**
 * cgroup_of_process() - the version 2 cgroup of a process, as /proc/PID/cgroup has it
 * @dir_fd, @file: that file
 * Return: "" for the root, else "/a/b", in @arena; NULL when it can't be read.
 */
const char *cgroup_of_process(struct arena *arena, int dir_fd, const char *file);

/**
 * cgroup_v1_open() - the cgroup of a process in the version 1 hierarchy of a controller
 * @pid_dir_fd: /proc/PID
 * @path: its path there, in @arena; "/" for the root
 * Return: a descriptor, O_PATH; -ENOENT: this host has no such hierarchy, or none in sight; another
 * negative errno.
 */
int cgroup_v1_open(struct arena *arena, int pid_dir_fd, const char *controller, const char **path);
