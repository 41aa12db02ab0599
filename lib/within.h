#pragma once

#include "lib/run.h"

/**
 * run_read_within() - the first line of a file as the observed process' namespaces show it
 * @flags: CLONE_NEW*: the namespaces that the file's contents depend on
 * @path: on the host, as "/proc/sys/net/ipv4/ip_forward": procfs answers by the reader's namespaces
 *
 * For looking, never on the way of a start: a child process joins them and reads.
 * Return: 0; -ENOENT where there is no such file; another negative errno.
 */
int run_read_within(struct run *run, int flags, const char *path, char *line, size_t size);
