#pragma once

#include <sys/types.h>

struct err;

/** pid_file_write() - the decimal pid, without a line break, whole or not at all. */
int pid_file_write(const char *path, pid_t pid, struct err *err);

/** pidfd_send() - the pidfd to a listening socket (--pidfd-socket).
 * @kind: what it is of, as engines expect it: "standard" (init), "setns" (exec) */
int pidfd_send(const char *path, const char *kind, int pid_fd, struct err *err);
