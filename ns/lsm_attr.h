#pragma once

struct run;

/*
 * The attributes that a security module has for a thread: files in /proc/PID/attr. Negative errno
 * on failure; -ENOENT where the kernel has no such attribute.
 */

/** lsm_attr_write() - set one of the calling thread's; @name: "apparmor/exec". Goes through
 * run->proc_fd, which nothing in the container covers (CVE-2019-16884). */
int lsm_attr_write(const struct run *run, const char *name, const char *value);

/** lsm_attr_read() - one of run->pid's, without its line break */
int lsm_attr_read(const struct run *run, const char *name, char *value, unsigned long size);
