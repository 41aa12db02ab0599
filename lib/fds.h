#pragma once

#include <stddef.h>

/** fds_close_others() - close every descriptor from @first on but @kept; sorts those
 * @kept: -EBADF and what is below @first may be among them
 */
void fds_close_others(int first, int *kept, size_t count);

/** fd_path() - where a descriptor leads, as the kernel names it: " (deleted)" behind what is gone
 * @path: written on success, terminated, cut where it has no more room
 * Return: 0 or a negative errno
 */
int fd_path(int fd, char *path, size_t size);
