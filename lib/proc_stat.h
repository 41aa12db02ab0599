#pragma once

#include <stdint.h>
#include <sys/types.h>

/** struct proc_stat - what is read of /proc/PID/stat: proc_pid_stat(5) */
struct proc_stat {
	char state;         /* field 3: 'R', 'S', ...; 'Z' and 'X' are dead                    */
	unsigned int flags; /* field 9: PF_* of the kernel's linux/sched.h                     */
	uint64_t start;     /* field 22: when it was started, in clock ticks since the boot    */
};

/**
 * proc_stat_read() - by the process' number as /proc has it
 *
 * A process' name is whatever it has chosen, also with line breaks and parentheses.
 *
 * Return: 0, -ENOENT or -ESRCH when there is none, or another negative errno.
 */
int proc_stat_read(pid_t pid, struct proc_stat *stat);
