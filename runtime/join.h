#pragma once

#include <stdint.h>
#include <sys/types.h>

/** join_differing() - the namespaces, CLONE_NEW*, in which a process is and we are not: the kernel
 * refuses to join one's own user namespace. */
uint64_t join_differing(pid_t pid);
