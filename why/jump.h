#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct isolation;
struct subject;

/*
 * Links of procfs that lead where no name does: exe, root, fd/N, ns/net. Who follows one has to be
 * allowed to look into the process that it is of (PTRACE_MODE_READ_FSCREDS in ptrace(2)).
 */

/** struct jump - one that was followed. Ids are as the caller sees them. */
struct jump {
	bool made;
	bool own;                   /* the process that is asked about is it itself               */
	uint32_t uid, gid;          /* the process', or root's where it may not be dumped         */
	uint64_t permitted, userns; /* its capabilities, and where they count            */
};

/**
 * jump_look() - whom a link is of
 * @folder_fd: where it is: /proc/N, /proc/N/fd ...
 * @self: the number of @isolation's process in its own pid namespace
 */
void jump_look(int folder_fd, int link_fd, const struct isolation *isolation, pid_t self,
	       struct jump *jump);

/** jump_allowed() - whether the subject may follow it */
bool jump_allowed(const struct subject *subject, const struct jump *jump);
