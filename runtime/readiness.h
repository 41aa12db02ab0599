#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct arena;
struct err;
struct oci_spec;

/*
 * NOTIFY_SOCKET of a caller whom a service manager has started: sd_notify(3). The manager's own
 * socket takes a sender's word for more than that it is ready: who its main process is, which
 * descriptors to keep. So a container gets a socket of ours, in a folder ROOT/ID/notify that is
 * bound to /run/notify, and of what comes there "READY=1" is passed on. Nobody stays for that: who
 * starts the program waits for the one message, or for the end of the container's first process.
 */

/**
 * readiness_add() - what tells the program: the mount and the variable, unless the bundle has them
 * @folder: ROOT/ID/notify
 */
void readiness_add(struct arena *arena, struct oci_spec *spec, const char *folder);

/**
 * readiness_open() - a socket in the container's folder, where @state_fd is
 * @make: the folder notify too; else there is no socket where it is not: -EBADF
 */
int readiness_open(int state_fd, bool make, int *socket_fd, struct err *err);

/**
 * readiness_pass_on() - wait until the program says that it is ready, and tell the manager
 * @pid: of the container's first process
 * @becomes_main: it is the service's main process from then on; else the caller stays that
 * @cancel_fd: as struct runtime has it
 * Return: 0, also when it ended without a word; -EINTR
 */
int readiness_pass_on(int socket_fd, pid_t pid, bool becomes_main, int cancel_fd, struct err *err);
