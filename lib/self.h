#pragma once

struct err;

/**
 * self_seal() - go on as this program from a file that nobody can write to through /proc/PID/exe
 * @argv: main()'s, as it was
 *
 * A container's process begins as a copy of ours, and a program named /proc/self/exe is ours once
 * more: inside, both are a way to the file on the host (CVE-2019-5736). Where the caller may write
 * to it, it is executed again through a read-only mount of its own, which the kernel takes out of
 * every mount namespace at that moment: nobody can make it writable, and it costs no copy. Who may
 * not mount goes on from a sealed copy in memory instead.
 *
 * Return: 0 where this process may not write to it (any more), else a negative errno.
 */
int self_seal(char **argv, struct err *err);

/** self_start_sealed() - the same before the C library starts: lib/self_start.c
 * @stack: as execve(2) leaves it: argc, arguments, environment */
void self_start_sealed(long *stack);
