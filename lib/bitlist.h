#pragma once

#include <stddef.h>

/**
 * bitlist_read() - a list of cpus or memory nodes as the kernel writes it: "0-3,7"
 * @bits: @count bits in whole words, least first, as system calls take them; written on success
 * Return: 0; -EINVAL for another form; -ERANGE for a number from @count on.
 */
int bitlist_read(const char *list, unsigned long *bits, size_t count);
