#pragma once

#include <sys/types.h>

struct err;

/** pid_file_write() - the decimal pid, without a line break, whole or not at all. */
int pid_file_write(const char *path, pid_t pid, struct err *err);

/** pidfd_send() - the pidfd to a listening socket (--pidfd-socket). */
int pidfd_send(const char *path, int pid_fd, struct err *err);
