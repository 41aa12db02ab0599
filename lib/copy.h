#pragma once

/**
 * copy_data() - everything from @in_fd on to the end of @out_fd's file
 *
 * Holes of a file stay holes. What is no file (a pipe, a terminal) is read to its end.
 * Return: 0 or a negative errno.
 */
int copy_data(int in_fd, int out_fd);
