#pragma once

/**
 * cgroup_walk() - call @visit for each cgroup below, deepest first, and for @cgroup_fd itself last
 * @visit: gets the directory and its name in its parent, "" for the first
 * Return: 0, or the first negative number of @visit. Cgroups that go meanwhile are passed over.
 */
typedef int cgroup_visit_fn(int dir_fd, const char *name, void *data);
int cgroup_walk(int cgroup_fd, cgroup_visit_fn *visit, void *data);

/**
 * cgroup_remove_below() - rmdir everything below, deepest first; not @cgroup_fd itself
 * Return: 0, -EBUSY while processes are left.
 */
int cgroup_remove_below(int cgroup_fd);
