#pragma once

struct arena;
struct oci_process;

/*
 * Descriptors that a service manager opened and gave to our caller go on to the container's
 * program, from 3 on: sd_listen_fds(3). The manager's LISTEN_PID names nobody of the container.
 */

/**
 * activation_add() - the variables that tell @process of @count descriptors
 *
 * LISTEN_FDNAMES is the bundle's own to give. Return: what becomes LISTEN_PID, for
 * activation_own(); NULL: @count is 0.
 */
char *activation_add(struct arena *arena, struct oci_process *process, unsigned int count);

/** activation_own() - the calling process is who is meant; @listen_pid may be NULL. */
void activation_own(char *listen_pid);
