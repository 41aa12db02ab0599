#pragma once

#include <stdint.h>

struct record;

/* What a cgroup's memory.events says of processes that the kernel killed for memory. */

/**
 * oom_watch_open() - a descriptor on which poll(2) reports POLLPRI after each event
 * Return: the descriptor; a negative errno where the container has no such file.
 */
int oom_watch_open(const struct record *record);

/** oom_watch_read() - how many so far, also to hear of the next one. Return: 0 or -errno. */
int oom_watch_read(int fd, uint64_t *kills);
