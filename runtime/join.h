#pragma once

#include <stdint.h>
#include <sys/types.h>

struct err;

/** join_differing() - the namespaces, CLONE_NEW*, in which a process is and we are not: the kernel
 * refuses to join one's own user namespace. */
uint64_t join_differing(pid_t pid);

/**
 * join_as_root() - join those of @which (CLONE_NEW*) in which a process is and we are not
 * @pid_fd: of @pid
 *
 * In another user namespace we are its root afterwards. Context: a process that ends soon.
 */
int join_as_root(pid_t pid, int pid_fd, uint64_t which, struct err *err);
