#pragma once

#include <sys/types.h>

struct arena;

/** proc_status_read() - all of /proc/PID/status, in @arena. Return: 0 or a negative errno. */
int proc_status_read(struct arena *arena, pid_t pid, const char **status);

/**
 * proc_status() - what a line of /proc/PID/status says
 * @status: the file's text; @name: "CapEff"
 * Return: without blanks around it, in @arena; NULL when there is no such line.
 */
const char *proc_status(struct arena *arena, const char *status, const char *name);
