#pragma once

#include <stdbool.h>

/* cgroup.events: "populated 0|1" and "frozen 0|1"; the kernel wakes a poll(2) on it at a change. */

/** cgroup_events_open() - the file, to be polled for POLLPRI. Return: it, or a negative errno. */
int cgroup_events_open(int cgroup_fd);

/**
 * cgroup_event_read() - the present value of @name; the next poll(2) waits for a change after it
 * Return: 0 or 1; a negative errno when the word isn't there.
 */
int cgroup_event_read(int events_fd, const char *name);

/** cgroup_event_wait() - until @name is @value. Return: 0, -ETIMEDOUT, other errors. */
int cgroup_event_wait(int cgroup_fd, const char *name, bool value, int timeout_ms);
