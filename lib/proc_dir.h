#pragma once

#include <sys/types.h>

struct err;

/**
 * proc_dir_open() - /proc/PID, for the files below it
 *
 * It stays this process', also when that has ended and another one has its number. Return: a
 * descriptor, the caller's, or a negative errno: -ENOENT where there is no such process.
 */
int proc_dir_open(pid_t pid, struct err *err);
