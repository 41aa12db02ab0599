#pragma once

struct err;
struct exec_options;
struct oci_process;
struct runtime;

/**
 * exec_attached() - run a further process in a container and stay with it, relaying its terminal
 * @exec: whose process is @process; gets the socket for the terminal
 * Return: the exit status that is the process' own, or a negative errno.
 */
int exec_attached(const struct runtime *runtime, const char *id, struct exec_options *exec,
		  struct oci_process *process, struct err *err);
