#pragma once

#include <stdint.h>
#include <sys/types.h>

struct err;

/**
 * join_differing() - of the namespaces @which, CLONE_NEW*, those where a process is and we are not
 *
 * The kernel refuses to join one's own user namespace. What can't be seen is an error: taken for
 * ours, a program would run on the host.
 */
int join_differing(pid_t pid, uint64_t which, uint64_t *flags, struct err *err);

/**
 * join_as_root() - join those of @which (CLONE_NEW*) in which a process is and we are not
 * @pid_fd: of @pid
 *
 * In another user namespace we are its root afterwards. Context: a process that ends soon.
 */
int join_as_root(pid_t pid, int pid_fd, uint64_t which, struct err *err);
